import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { every } from '../../../src/core/trigger/every.ts'
import { schedule } from '../../../src/core/schedule/declare.ts'
import type { HandlerContext } from '../../../src/core/job/handler.ts'
import { DoNotRetry, type Later, RetryAfter, Snooze } from '../../../src/core/job/steering.ts'
import { task } from '../../../src/core/job/task.ts'
import { heard, Lab, START } from '../lab.ts'

const broken = (): never => {
  throw new Error('the crane is broken')
}

describe('a failure', () => {
  test('is retried when its policy says, with the failures counted', async () => {
    const lab = new Lab()
    const load = task('load', { handler: broken, retry: ['1m', '5m'], maxAttempts: 3 })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', runAt: START + 60_000 })
    lab.clock.set(START + 60_000 - 1)
    await node.work()
    expect(lab.onlyJob.failures).toBe(1)
    lab.clock.set(START + 60_000)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', runAt: START + 360_000, failures: 2 })
    lab.clock.set(START + 360_000)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', failures: 3 })
    expect(lab.onlyJob.errors.map(error => [error.attempt, error.message])).toEqual(
      [1, 2, 3].map(attempt => [attempt, 'the crane is broken'])
    )
  })

  test('that forbids a retry ends the job', async () => {
    const lab = new Lab()
    const handler = (): never => {
      throw new DoNotRetry('no such ship')
    }
    const load = task('load', { handler })
    const node = await lab.started({ tasks: [load] })
    const discarded = heard(node.events, 'job.discarded')
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', failures: 1 })
    expect(discarded).toMatchObject([{ error: { message: 'no such ship' } }])
  })

  test('says itself when it is tried again', async () => {
    const lab = new Lab()
    const cause = new Error('429')
    const handler = (): never => {
      throw new RetryAfter('90s', { cause })
    }
    const load = task('load', { handler, maxAttempts: 2 })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    const kept = [{ attempt: 1, message: '429', cause: { message: '429' } }]
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', failures: 1, runAt: START + 90_000, errors: kept })
    lab.clock.set(START + 90_000)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', failures: 2 })
  })

  test('is judged by the retry function of the task', async () => {
    for (const [answer, after] of [
      ['30s', { state: 'retryable', runAt: START + 30_000 }],
      [false, { state: 'discarded' }],
      [undefined, { state: 'retryable', runAt: START + 1_000 }]
    ] as const) {
      const lab = new Lab()
      const load = task('load', { handler: broken, retry: error => (error.message.includes('crane') ? answer : 0) })
      const node = await lab.started({ tasks: [load] })
      await node.enqueuer.enqueue(load, null)
      await node.work()
      expect(lab.onlyJob).toMatchObject(after)
    }
  })

  test('also says that a retry function failed', async () => {
    const lab = new Lab()
    const load = task('load', { handler: broken, retry: error => (error as { response?: { s: number } }).response!.s })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({
      state: 'retryable',
      runAt: START + 1_000,
      errors: [
        {
          message: 'the crane is broken',
          errors: [{ message: expect.stringContaining('The retry policy of the task "load" failed') as string }]
        }
      ]
    })
  })

  test('never uses up the attempts of a task that has no limit', async () => {
    const lab = new Lab()
    const seen: number[] = []
    const handler = ({ maxAttempts }: HandlerContext): never => {
      seen.push(maxAttempts)
      return broken()
    }
    const load = task('load', { handler, retry: ['1s'], maxAttempts: Infinity })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    for (let attempt = 1; attempt <= 30; attempt++) {
      await node.work()
      expect(lab.onlyJob).toMatchObject({ state: 'retryable', failures: attempt, maxAttempts: 2_147_483_647 })
      lab.clock.set(lab.onlyJob.runAt)
    }
    expect(seen[0]).toBe(Infinity)
  })

  test('of a rejecting handler, or of something that is no Error, is one too', async () => {
    const lab = new Lab()
    const handler = ({ attempt }: HandlerContext): Promise<never> =>
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- What users' code rejects with is not ours to choose.
      attempt === 1 ? Promise.reject('just a text') : Promise.reject(new Error(''))
    const load = task('load', { handler, retry: [0], maxAttempts: 2 })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    await node.work()
    expect(lab.onlyJob.errors.map(error => error.message)).toEqual(['just a text', 'Error'])
  })
})

describe('a payload', () => {
  const ship = v.pipe(
    v.object({ name: v.string() }),
    v.transform(({ name }) => name.toUpperCase())
  )

  test('reaches the handler as the output of the schema, and is stored as it was given', async () => {
    const lab = new Lab()
    const got: unknown[] = []
    const moor = task('moor', { schema: ship, handler: ({ payload }) => void got.push(payload) })
    const node = await lab.started({ tasks: [moor] })
    await node.enqueuer.enqueue(moor, { name: 'Frisia' })
    await node.work()
    expect(got).toEqual(['FRISIA'])
    expect(lab.onlyJob.payload).toBe('{"name":"Frisia"}')
  })

  test('that the schema refuses is not enqueued', async () => {
    const lab = new Lab()
    const moor = task('moor', { schema: ship, handler: () => undefined })
    const node = await lab.started({ tasks: [moor] })
    await expect(node.enqueuer.enqueue(moor, { name: 7 })).rejects.toMatchObject({ code: 'payload-invalid' })
    expect(lab.books.jobs.size).toBe(0)
  })

  test('that is stored and no longer satisfies the schema is discarded, without a retry or the handler', async () => {
    const lab = new Lab()
    let entered = 0
    const older = task('moor', { handler: () => undefined })
    const newer = task('moor', { schema: ship, handler: () => void entered++ })
    const node = await lab.started({ tasks: [newer] })
    await node.enqueuer.enqueue(older, { name: 7 })
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', errors: [{ code: 'payload-invalid' }] })
    expect(entered).toBe(0)
  })
})

test('a task that no node here knows is left alone and shown', async () => {
  const lab = new Lab()
  const node = await lab.started({ tasks: [task('known', { handler: () => undefined })] })
  await node.enqueuer.enqueue(task('unknown', { handler: () => undefined }), null)
  await node.work()
  expect(lab.onlyJob).toMatchObject({ state: 'available', fence: undefined })
  expect(await node.store.taskBacklogs()).toEqual([{ task: 'unknown', waiting: 1 }])
})

describe('what a handler gets', () => {
  test('the idempotency key is stable over attempts and operators’ retries, the fence grows', async () => {
    const lab = new Lab()
    const seen: [string, number, number][] = []
    const handler = ({ idempotencyKey, fence, attempt }: HandlerContext): void => {
      seen.push([idempotencyKey, fence, attempt])
      if (seen.length < 3) broken()
    }
    const load = task('load', { handler, retry: [0], maxAttempts: 2 })
    const node = await lab.started({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    await node.work()
    await node.work()
    await node.operator.retry(id)
    await node.work()
    expect(lab.onlyJob.state).toBe('completed')
    expect(new Set(seen.map(([key]) => key))).toEqual(new Set([`the-books:${id}`]))
    expect(seen.map(([, , attempt]) => attempt)).toEqual([1, 2, 1])
    const fences = seen.map(([, fence]) => fence)
    expect(fences).toEqual(fences.toSorted((a, b) => a - b))
    expect(new Set(fences).size).toBe(3)
  })

  test('a fired job knows its schedule, its fire time, how late it is, and a key of both', async () => {
    const lab = new Lab()
    const seen: unknown[] = []
    const report = task('report', {
      handler: ({ scheduleId: id, fireAt, lateMs, idempotencyKey }) =>
        void seen.push([id, fireAt, lateMs, idempotencyKey])
    })
    const reports = schedule('reports', { task: report, trigger: every('1m') })
    const node = await lab.started({ tasks: [report], schedules: [reports] })
    lab.clock.set(START + 60_000)
    await node.tick()
    lab.clock.set(START + 67_000)
    await node.work()
    const fireAt = new Date(START + 60_000)
    expect(seen).toEqual([['reports', fireAt, 7_000, `the-books:reports:${fireAt.toISOString()}`]])
  })

  test('progress is kept while it runs, its result after', async () => {
    const lab = new Lab()
    const load = task('load', {
      handler: async ({ progress }) => {
        await progress({ loaded: 3 })
        return { loaded: lab.onlyJob.progress }
      }
    })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '{"loaded":"{\\"loaded\\":3}"}' })
  })

  test('progress that is not strict JSON fails; a result that is not is left out, and said', async () => {
    const lab = new Lab()
    const caught: unknown[] = []
    const load = task('load', {
      handler: async ({ progress }) => {
        await progress(Number.NaN).catch((error: unknown) => caught.push(error))
        return new Map()
      }
    })
    const node = await lab.started({ tasks: [load] })
    const unkept = heard(node.events, 'job.result-unkept')
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(caught).toMatchObject([{ code: 'payload-invalid' }])
    expect(unkept).toMatchObject([{ problem: expect.stringContaining('Map') }])
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: undefined })
  })
})

describe('a handler that puts its job off', () => {
  const snoozing = (later: Later) => (): never => {
    throw new Snooze(later)
  }

  test('runs again later, uncharged, as often as it likes', async () => {
    const lab = new Lab()
    const load = task('load', { handler: snoozing('10m'), maxAttempts: 1 })
    const node = await lab.started({ tasks: [load] })
    const [snoozed, failed] = [heard(node.events, 'job.snoozed'), heard(node.events, 'job.failed')]
    await node.enqueuer.enqueue(load, null)
    for (let times = 1; times <= 3; times++) {
      await node.work()
      const runAt = START + times * 600_000
      expect(lab.onlyJob).toMatchObject({ state: 'scheduled', snoozes: times, failures: 0, errors: [], runAt })
      lab.clock.set(runAt)
    }
    expect(snoozed.map(({ attempt, runAt }) => [attempt, runAt])).toEqual([
      [1, new Date(START + 600_000)],
      [1, new Date(START + 1_200_000)],
      [1, new Date(START + 1_800_000)]
    ])
    expect(failed).toEqual([])
  })

  test('cannot do so at most once: it has begun, and fails', async () => {
    const lab = new Lab()
    const load = task('load', { handler: snoozing(1_000), delivery: 'at-most-once' })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({
      state: 'discarded',
      errors: [{ message: expect.stringContaining('threw a Snooze') as string }]
    })
  })
})
