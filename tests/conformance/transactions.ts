import { types } from 'node:util'
import { expect } from 'vitest'

import { EscapementError } from '../../src/core/errors.ts'
import type { Store } from '../../src/store/store.ts'
import {
  creation,
  claimOne,
  completed,
  failed,
  fireWrite,
  jobId,
  newJob,
  read,
  runningJob,
  scheduleState
} from './fixtures.ts'
import { thrownValues } from '../core/job/thrown-values.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

/** By their codes a store must not take them for faults of its own. */
const errorsOfOtherDatabases: readonly (readonly [string, () => unknown])[] = [
  ...[5, 6, 10, 13].map(
    errcode =>
      [`SQLite's ${errcode}`, () => Object.assign(new Error('x'), { errcode, code: 'ERR_SQLITE_ERROR' })] as const
  ),
  ...['40001', '57014', '57P01', '25006', '08006', '26000'].map(
    code => [`PostgreSQL's ${code}`, () => Object.assign(new Error('x'), { code, severity: 'ERROR' })] as const
  ),
  [
    'a lost connection',
    () => Object.assign(new Error('Connection terminated'), { syscall: 'read', code: 'ECONNRESET' })
  ],
  ['one of ours', () => new EscapementError('store-busy', 'x')]
]

export function testTransactions(suite: Suite): void {
  testCompletion(suite)
  testOnce(suite)
  testRefusals(suite)
}

function testCompletion({ test }: Suite): void {
  test('transaction: the completion itself, with its result', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    clock.set(START + 5)
    let runs = 0
    const body = (tx: unknown): string => {
      expect(tx).toBeTypeOf('object')
      runs += 1
      return '{"saved":2}'
    }
    expect(await store.transact(attempt, body)).toBe('written')
    expect(runs).toBe(1)
    expect(await read(store, attempt.id)).toMatchObject({
      state: 'completed',
      result: '{"saved":2}',
      finishedAt: START + 5
    })
  })

  test('transaction: one without a result leaves none', async ({ store }) => {
    const attempt = await runningJob(store)
    expect(await store.transact(attempt, () => undefined)).toBe('written')
    expect(await read(store, attempt.id)).toMatchObject({ state: 'completed', result: undefined })
  })
}

function testOnce({ test }: Suite): void {
  test('transaction: a second one writes nothing', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.transact(attempt, () => '"first"')
    let runs = 0
    expect(await store.transact(attempt, () => String(++runs))).toBe('stale')
    expect(runs).toBe(0)
    expect((await read(store, attempt.id)).result).toBe('"first"')
  })

  test('transaction: of many at once one runs its body', async ({ store, beside }) => {
    const attempt = await runningJob(store)
    const stores = [store, await beside(), await beside()]
    let runs = 0
    const answers = await Promise.all(stores.map(each => each.transact(attempt, () => String(++runs))))
    expect(answers.toSorted()).toEqual(['stale', 'stale', 'written'])
    expect(runs).toBe(1)
  })

  test('transaction: a report of success after it is accepted by repetition, another is stale', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.transact(attempt, () => '1')
    expect(await store.settle([completed(attempt, '1'), failed(attempt, START)])).toEqual(['accepted', 'stale'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'completed', result: '1' })
  })

  test('transaction: stands though a cancel was asked for', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.cancel([attempt.id])
    expect(await store.transact(attempt, () => '1')).toBe('written')
    expect((await read(store, attempt.id)).state).toBe('completed')
  })

  test('transaction: the end of a job frees its key and its place among the live ones', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.writeSchedules([fireWrite(state, { uniqueKey: 'berth 4', keepMs: 0 })])
    clock.set(START + 60_000)
    await store.transact(await claimOne(store), () => undefined)
    expect(await store.readJob(jobId(1))).toBeUndefined()
    expect((await store.readSchedules([state.id])).schedules[0]?.liveJobs).toBe(0)
    expect(await store.enqueue([newJob({ id: jobId(2), uniqueKey: 'berth 4' })])).toMatchObject([
      { outcome: 'enqueued' }
    ])
  })
}

function testRefusals({ test }: Suite): void {
  test('transaction: a body that throws leaves nothing behind', async ({ store }) => {
    const attempt = await runningJob(store)
    const before = await read(store, attempt.id)
    const fog = new Error('fog')
    await expect(
      store.transact(attempt, () => {
        throw fog
      })
    ).rejects.toBe(fog)
    expect(await read(store, attempt.id)).toEqual(before)
    expect(await store.settle([failed(attempt, START + 5)])).toEqual(['accepted'])
  })

  test('transaction: another may follow one that threw', async ({ store }) => {
    const attempt = await runningJob(store)
    await expect(store.transact(attempt, throwing)).rejects.toThrow('fog')
    expect(await store.transact(attempt, () => '2')).toBe('written')
  })

  test('transaction: whatever a body throws comes as it is, and the writes after it go on', async ({ store }) => {
    const attempt = await runningJob(store)
    for (const [name, make] of [...thrownValues, ...errorsOfOtherDatabases]) {
      const thrown = make()
      if (types.isPromise(thrown)) thrown.catch(() => undefined)
      const answer = await store
        .transact(attempt, () => {
          throw thrown
        })
        .then(
          () => undefined,
          (error: unknown) => ({ error })
        )
      expect(answer !== undefined && Object.is(answer.error, thrown), name).toBe(true)
    }
    expect(await store.transact(attempt, () => '2')).toBe('written')
  })

  test('transaction: an async body is taken or refused, as the traits say', async ({ store }) => {
    const attempt = await runningJob(store)
    const answer = await outcomeOfAsync(store, attempt)
    if (store.traits.transactions === 'sync') {
      expect(answer).toMatchObject({ name: 'EscapementError', code: 'transaction-async' })
      expect((await read(store, attempt.id)).state).toBe('running')
      expect(await store.transact(attempt, () => '2')).toBe('written')
    } else {
      expect(answer).toBe('written')
      expect(await read(store, attempt.id)).toMatchObject({ state: 'completed', result: '1' })
    }
  })

  test('transaction: a refused body that fails later disturbs nobody', async ({ clock, store }) => {
    if (store.traits.transactions !== 'sync') return
    const attempt = await runningJob(store)
    const late = async (): Promise<string> => {
      await clock.sleep(10)
      throw new Error('late fog')
    }
    await expect(store.transact(attempt, late)).rejects.toMatchObject({ code: 'transaction-async' })
    await clock.advance(10)
    expect((await read(store, attempt.id)).state).toBe('running')
  })
}

const throwing = (): never => {
  throw new Error('fog')
}

const outcomeOfAsync = (store: Store, attempt: { id: string; fence: number }): Promise<unknown> =>
  store.transact(attempt, () => Promise.resolve('1')).catch((error: unknown) => error)
