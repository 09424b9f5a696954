import { expect } from 'vitest'

import type { AttemptKey, ClaimedJob, Failure } from '../../src/core/job/job.ts'
import { MAX_KEPT_FAILURES } from '../../src/core/job/job.ts'
import type { Report } from '../../src/core/job/settle.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, claimOne, completed, failed, givenBack, jobId, newJob, newJobs, read, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testSettle(suite: Suite): void {
  testCompleted(suite)
  testDroppedSteps(suite)
  testFailed(suite)
  testGivenBack(suite)
  testAnswers(suite)
  testBatches(suite)
  testAfterCancel(suite)
}

const HOUR = 3_600_000

function testCompleted({ test }: Suite): void {
  test('settle: a success is kept with its result', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    clock.set(START + 40)
    expect(await store.settle([completed(attempt, '{"ships":3}')])).toEqual(['accepted'])
    const after = { state: 'completed', result: '{"ships":3}', finishedAt: START + 40, failures: 0, errors: [] }
    expect(await read(store, attempt.id)).toMatchObject(after)
    expect((await claim(store)).jobs).toEqual([])
  })

  test('settle: a success without a result has none', async ({ store }) => {
    await store.settle([completed(await runningJob(store))])
    expect((await read(store, jobId(1))).result).toBeUndefined()
  })

  test('settle: a job that is not to be kept is dropped as it completes, steps and all', async ({ store }) => {
    const attempt = await runningJob(store, { keepMs: 0 })
    await store.saveStep(attempt, { name: 'scrape', result: '1' })
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
    expect(await store.readJob(attempt.id)).toBeUndefined()
    expect(await store.readSteps(attempt.id)).toEqual([])
    expect(await store.settle([completed(attempt)])).toEqual(['unknown'])
  })

  test('settle: a job that is not to be kept is kept when it fails', async ({ store }) => {
    await store.settle([failed(await runningJob(store, { keepMs: 0 }))])
    expect((await read(store, jobId(1))).state).toBe('discarded')
  })
}

function testDroppedSteps({ test }: Suite): void {
  const ways: Readonly<Record<string, (store: Store, attempt: ClaimedJob) => Promise<unknown>>> = {
    'failed and is tried again': (store, attempt) => store.settle([failed(attempt, START)]),
    'was given back': (store, attempt) => store.settle([givenBack(attempt)]),
    'was discarded and retried by an operator': async (store, attempt) => {
      await store.settle([failed(attempt)])
      await store.retry(attempt.id, undefined)
    }
  }
  for (const [way, end] of Object.entries(ways))
    test(`settle: the steps of a job that is not to be kept, and ${way}, are dropped with it`, async ({ store }) => {
      const attempt = await runningJob(store, { keepMs: 0 })
      for (const name of ['scrape', 'paint']) await store.saveStep(attempt, { name, result: '1' })
      await end(store, attempt)
      const again = await claimOne(store)
      expect(await store.readSteps(attempt.id)).toHaveLength(2)
      expect(await store.settle([completed(again)])).toEqual(['accepted'])
      expect(await store.readSteps(attempt.id)).toEqual([])
    })
}

function testFailed({ test }: Suite): void {
  test('settle: a failure with another try is retryable, and due again at its instant', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    expect(await store.settle([failed(attempt, START + HOUR)])).toEqual(['accepted'])
    const job = await read(store, attempt.id)
    expect(job).toMatchObject({
      state: 'retryable',
      failures: 1,
      rescues: 0,
      runAt: START + HOUR,
      finishedAt: undefined
    })
    clock.set(START + HOUR - 1)
    expect((await claim(store)).jobs).toEqual([])
    clock.set(START + HOUR)
    expect((await claim(store)).jobs).toMatchObject([{ id: attempt.id, attempt: 2, rescues: 0 }])
  })

  test('settle: a failure without another try is discarded', async ({ store }) => {
    await store.settle([failed(await runningJob(store))])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'discarded', failures: 1, finishedAt: START })
    expect((await claim(store)).jobs).toEqual([])
  })

  test('settle: failures are kept as they were told, the newest ten of them', async ({ store }) => {
    await store.enqueue([newJob({ maxAttempts: 100 })])
    const failures: Failure[] = []
    for (let attempt = 1; attempt <= MAX_KEPT_FAILURES + 2; attempt++) {
      const cause = {
        message: 'The pilot is ill.',
        cause: { message: 'TypeError: x', code: 'E_ILL', stack: 'at home' }
      }
      const sealed = { $codec: 'aes', data: 'x"y' }
      const said = { message: `Try ${attempt}`, stack: 'at berth', code: 'E_FOG', cause, errors: [cause], sealed }
      const failure = { attempt, at: START + attempt, ...said }
      failures.push(failure)
      await store.settle([{ ...(await claimOne(store)), outcome: { kind: 'failed', failure, retryAt: START } }])
    }
    const job = await read(store, jobId(1))
    expect(job.errors).toEqual(failures.slice(2))
    expect(job.failures).toBe(MAX_KEPT_FAILURES + 2)
  })

  test('settle: an at-most-once job that failed is not tried again, whatever the report says', async ({ store }) => {
    const attempt = await runningJob(store, { delivery: 'at-most-once' })
    await store.markStarted(attempt)
    await store.settle([failed(attempt, START + HOUR)])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'discarded', failures: 1 })
  })
}

function testGivenBack({ test }: Suite): void {
  test('settle: a job given back is free at once, and nothing is charged', async ({ store }) => {
    const attempt = await runningJob(store)
    expect(await store.settle([givenBack(attempt)])).toEqual(['accepted'])
    const free = { state: 'available', failures: 0, rescues: 0, errors: [], node: undefined, finishedAt: undefined }
    expect(await read(store, attempt.id)).toMatchObject(free)
    const again = await claimOne(store, { node: 'node-b' })
    expect(again).toMatchObject({ id: attempt.id, attempt: 1, rescues: 0, runAt: START })
    expect(again.fence).toBeGreaterThan(attempt.fence)
  })

  test('settle: an at-most-once job given back before its start is free', async ({ store }) => {
    await store.settle([givenBack(await runningJob(store, { delivery: 'at-most-once' }))])
    expect((await claimOne(store)).attempt).toBe(1)
  })

  test('settle: an at-most-once job given back after its start is lost', async ({ store }) => {
    const attempt = await runningJob(store, { delivery: 'at-most-once' })
    await store.markStarted(attempt)
    await store.settle([givenBack(attempt)])
    const job = await read(store, attempt.id)
    expect(job).toMatchObject({ state: 'discarded', finishedAt: START, failures: 0 })
    expect(job.errors.map(error => error.code)).toEqual(['lost'])
    expect((await claim(store)).jobs).toEqual([])
  })

  test('settle: a start does not outlive the attempt that made it', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.markStarted(attempt)
    await store.settle([givenBack(attempt)])
    expect((await read(store, attempt.id)).startedAt).toBeUndefined()
    await claimOne(store)
    expect((await read(store, attempt.id)).startedAt).toBeUndefined()
  })
}

function testAnswers({ test }: Suite): void {
  const outcomes: readonly (readonly [string, (attempt: AttemptKey) => Report])[] = [
    ['a success', attempt => completed(attempt, '1')],
    ['a failure to be retried', attempt => failed(attempt, START + HOUR)],
    ['a last failure', attempt => failed(attempt)],
    ['a give-back', givenBack]
  ]
  for (const [what, report] of outcomes)
    test(`settle answers: ${what} told again is accepted, and written once`, async ({ store }) => {
      const attempt = await runningJob(store)
      await store.settle([report(attempt)])
      const before = await read(store, attempt.id)
      expect(await store.settle([report(attempt)])).toEqual(['accepted'])
      expect(await read(store, attempt.id)).toEqual(before)
    })

  test('settle answers: another outcome under the same fence is stale', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.settle([completed(attempt, '1')])
    const before = await read(store, attempt.id)
    expect(await store.settle([failed(attempt, START), givenBack(attempt)])).toEqual(['stale', 'stale'])
    expect(await read(store, attempt.id)).toEqual(before)
  })

  test('settle answers: stale once the job was claimed again, even if it had been written', async ({ store }) => {
    const first = await runningJob(store)
    await store.settle([failed(first, START)])
    const second = await claimOne(store)
    expect(await store.settle([failed(first, START)])).toEqual(['stale'])
    expect(await read(store, first.id)).toMatchObject({ state: 'running', fence: second.fence, failures: 1 })
    await store.settle([failed(second, START + HOUR)])
    expect(await store.settle([failed(first, START)])).toEqual(['stale'])
    expect((await read(store, first.id)).failures).toBe(2)
  })
}

function testBatches({ test }: Suite): void {
  test('settle answers: a job that nobody knows is unknown', async ({ store }) => {
    expect(await store.settle([completed({ id: jobId(404), fence: 1 })])).toEqual(['unknown'])
  })

  test('settle answers: a job that was never claimed is stale', async ({ store }) => {
    await store.enqueue([newJob()])
    expect(await store.settle([completed({ id: jobId(1), fence: 1 })])).toEqual(['stale'])
  })

  test('settle answers: one stale row does not sink the batch, and each has its own answer', async ({ store }) => {
    await store.enqueue(newJobs(3))
    const [first, second, third] = (await claim(store)).jobs
    await store.settle([completed(second!)])
    const batch = [
      completed(first!),
      failed(second!, START),
      completed({ id: jobId(404), fence: first!.fence }),
      failed(third!, START + 1),
      completed(second!)
    ]
    expect(await store.settle(batch)).toEqual(['accepted', 'stale', 'unknown', 'accepted', 'accepted'])
    const states = (await store.listJobs({}, { limit: 10 })).items.map(job => job.state)
    expect(states).toEqual(['retryable', 'completed', 'completed'])
  })

  test('settle answers: one attempt told twice in a batch is settled by the first', async ({ store }) => {
    const attempt = await runningJob(store)
    const batch = [failed(attempt, START + HOUR), failed(attempt, START + HOUR), completed(attempt)]
    expect(await store.settle(batch)).toEqual(['accepted', 'accepted', 'stale'])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'retryable', failures: 1 })
    expect(await store.settle([])).toEqual([])
  })
}

function testAfterCancel({ test }: Suite): void {
  test('settle after a cancel: a success stands', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.cancel([attempt.id])
    await store.settle([completed(attempt, '7')])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'completed', result: '7' })
  })

  test('settle after a cancel: a failure ends it, and is told', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.cancel([attempt.id])
    await store.settle([failed(attempt, START + HOUR)])
    const job = await read(store, attempt.id)
    expect(job).toMatchObject({ state: 'cancelled', failures: 1, finishedAt: START, runAt: START })
    expect(job.errors).toHaveLength(1)
  })

  test('settle after a cancel: a give-back ends it', async ({ store }) => {
    const attempt = await runningJob(store)
    await store.cancel([attempt.id])
    await store.settle([givenBack(attempt)])
    expect(await read(store, attempt.id)).toMatchObject({ state: 'cancelled', failures: 0, errors: [] })
    expect(await store.settle([givenBack(attempt)])).toEqual(['accepted'])
    expect((await claim(store)).jobs).toEqual([])
  })
}
