import { expect } from 'vitest'

import { claim, claimOne, completed, failed, jobId, newJob, newJobs, read } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testEnqueue(suite: Suite): void {
  testCreation(suite)
  testRepeats(suite)
  testRunAt(suite)
  testUniqueKeys(suite)
}

function testCreation({ test }: Suite): void {
  test('enqueue: a job is read back as it was put in', async ({ clock, store }) => {
    const job = newJob({
      queue: 'pictures',
      priority: -7,
      payload: '{"text":"Zoë \\u0001 ☃ 𝄞"}',
      uniqueKey: 'berth 4',
      scheduleId: 'minute-report',
      fireAt: START - 5_000,
      origin: 'fire',
      maxAttempts: 5,
      delivery: 'at-most-once',
      keepMs: 1_234
    })
    clock.set(START - 1_000)
    expect(await store.enqueue([job])).toEqual([{ outcome: 'enqueued', id: job.id }])
    expect(await store.readJob(job.id)).toEqual({
      ...job,
      state: 'scheduled',
      failures: 0,
      rescues: 0,
      snoozes: 0,
      fence: undefined,
      node: undefined,
      createdAt: START - 1_000,
      claimedAt: undefined,
      startedAt: undefined,
      finishedAt: undefined,
      cancelRequestedAt: undefined,
      progress: undefined,
      result: undefined,
      errors: []
    })
  })

  test('enqueue: answers come in the order of the jobs, and an empty batch is none', async ({ store }) => {
    await store.enqueue([newJob({ id: jobId(2) })])
    const answers = await store.enqueue(newJobs(3))
    expect(answers).toEqual([
      { outcome: 'enqueued', id: jobId(1) },
      { outcome: 'exists', id: jobId(2) },
      { outcome: 'enqueued', id: jobId(3) }
    ])
    expect(await store.enqueue([])).toEqual([])
  })
}

function testRepeats({ test }: Suite): void {
  test('enqueue: a batch sent again is there once', async ({ store }) => {
    const batch = newJobs(2, { uniqueKey: undefined })
    await store.enqueue(batch)
    expect(await store.enqueue(batch)).toEqual(batch.map(job => ({ outcome: 'exists', id: job.id })))
    expect((await store.listJobs({}, { limit: 10 })).items).toHaveLength(2)
  })

  test('enqueue: an id twice in one batch is one job', async ({ store }) => {
    const answers = await store.enqueue([newJob(), newJob({ payload: '"second"' })])
    expect(answers.map(answer => answer.outcome)).toEqual(['enqueued', 'exists'])
    expect((await read(store, jobId(1))).payload).toBe(newJob().payload)
  })

  test('enqueue: a job sent again while it runs, or after its end, is left as it is', async ({ store }) => {
    await store.enqueue([newJob()])
    const attempt = await claimOne(store)
    expect(await store.enqueue([newJob()])).toEqual([{ outcome: 'exists', id: jobId(1) }])
    expect((await read(store, jobId(1))).state).toBe('running')
    await store.settle([completed(attempt)])
    expect(await store.enqueue([newJob()])).toEqual([{ outcome: 'exists', id: jobId(1) }])
    expect((await read(store, jobId(1))).state).toBe('completed')
  })
}

function testRunAt({ test }: Suite): void {
  test('enqueue: an instant in the past is read as now', async ({ store }) => {
    await store.enqueue([newJob({ runAt: START - 60_000 })])
    expect(await read(store, jobId(1))).toMatchObject({ state: 'available', runAt: START, createdAt: START })
  })

  test('enqueue: a job of a later instant is scheduled, and taken when it is due', async ({ clock, store }) => {
    await store.enqueue([newJob({ runAt: START + 1_000 })])
    expect((await read(store, jobId(1))).state).toBe('scheduled')
    clock.set(START + 999)
    expect((await claim(store)).jobs).toEqual([])
    clock.set(START + 1_000)
    expect((await claim(store)).jobs).toHaveLength(1)
  })
}

function testUniqueKeys({ test }: Suite): void {
  test('unique key: a second live job of the task is refused, and the first one named', async ({ store }) => {
    const answers = await store.enqueue(newJobs(2, { uniqueKey: 'berth 4' }))
    expect(answers).toEqual([
      { outcome: 'enqueued', id: jobId(1) },
      { outcome: 'duplicate', id: jobId(1) }
    ])
    expect(await store.readJob(jobId(2))).toBeUndefined()
  })

  test('unique key: sent again by the holder itself it exists', async ({ store }) => {
    await store.enqueue([newJob({ uniqueKey: 'berth 4' })])
    expect(await store.enqueue([newJob({ uniqueKey: 'berth 4' })])).toEqual([{ outcome: 'exists', id: jobId(1) }])
  })

  test('unique key: refused, the same id may be written by the next job of the batch', async ({ store }) => {
    await store.enqueue([newJob({ uniqueKey: 'berth 4' })])
    const batch = [newJob({ id: jobId(4), uniqueKey: 'berth 4' }), newJob({ id: jobId(4) }), newJob()]
    expect(await store.enqueue(batch)).toEqual([
      { outcome: 'duplicate', id: jobId(1) },
      { outcome: 'enqueued', id: jobId(4) },
      { outcome: 'exists', id: jobId(1) }
    ])
  })

  test('unique key: another task may have the same', async ({ store }) => {
    const answers = await store.enqueue([
      newJob({ uniqueKey: 'berth 4' }),
      newJob({ id: jobId(2), task: 'invoice', uniqueKey: 'berth 4' })
    ])
    expect(answers.map(answer => answer.outcome)).toEqual(['enqueued', 'enqueued'])
  })

  test('unique key: held while running and retryable, free at the end', async ({ clock, store }) => {
    const outcomeOf = async (number: number): Promise<string | undefined> =>
      (await store.enqueue([newJob({ id: jobId(number), uniqueKey: 'berth 4' })]))[0]?.outcome
    expect(await outcomeOf(1)).toBe('enqueued')
    const first = await claimOne(store)
    expect(await outcomeOf(2)).toBe('duplicate')
    await store.settle([failed(first, START + 1_000)])
    expect(await outcomeOf(2)).toBe('duplicate')
    clock.set(START + 1_000)
    await store.settle([completed(await claimOne(store))])
    expect(await outcomeOf(2)).toBe('enqueued')
  })

  test('unique key: freed by a cancel and by a discard', async ({ store }) => {
    await store.enqueue([newJob({ uniqueKey: 'berth 4' })])
    await store.cancel([jobId(1)])
    expect(await store.enqueue([newJob({ id: jobId(2), uniqueKey: 'berth 4' })])).toMatchObject([
      { outcome: 'enqueued' }
    ])
    await store.settle([failed(await claimOne(store))])
    expect(await store.enqueue([newJob({ id: jobId(3), uniqueKey: 'berth 4' })])).toMatchObject([
      { outcome: 'enqueued' }
    ])
  })
}
