import { describe, expect, test } from 'vitest'

import { claimOne, completed, jobId, newJob, newJobs, read, runningJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

/** From so many on a batch is copied. */
const MANY = 2_000

describe('a large batch', () => {
  test('is read back as it was put in', async () => {
    const { store } = await freshStore()
    const odd = [
      newJob({ id: jobId(MANY + 1), payload: '{"text":"a\\\\b \\n \\u0001 ☃ 𝄞",\n\t"more":\r[]}' }),
      newJob({ id: jobId(MANY + 2), queue: 'pictures', priority: -7, runAt: START + 9, maxAttempts: 5, keepMs: 0 }),
      newJob({ id: jobId(MANY + 3), scheduleId: 'a\\N b', fireAt: START - 5, origin: 'fire', delivery: 'at-most-once' })
    ]
    const answers = await store.enqueue([...newJobs(MANY), ...odd])
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['enqueued']))
    expect(answers.map(({ id }) => id)).toEqual([...newJobs(MANY), ...odd].map(({ id }) => id))
    for (const [index, job] of odd.entries())
      expect(await read(store, job.id)).toMatchObject({
        ...job,
        state: index === 1 ? 'scheduled' : 'available',
        createdAt: START
      })
  })

  test('takes an instant in the past as now', async () => {
    const { store } = await freshStore()
    await store.enqueue(newJobs(MANY, { runAt: START - 60_000 }))
    expect(await read(store, jobId(1))).toMatchObject({ state: 'available', runAt: START })
  })

  test('sent again is there once, its finished jobs too', async () => {
    const { store, schema } = await freshStore()
    const jobs = newJobs(MANY)
    await store.enqueue(jobs)
    await store.settle([completed(await claimOne(store))])
    const again = await store.enqueue([...jobs, newJob({ id: jobId(MANY + 1) })])
    expect(again.map(({ outcome }) => outcome)).toEqual([...jobs.map(() => 'exists'), 'enqueued'])
    const { rows } = await (await intruder(schema)).query('SELECT count(*)::integer AS jobs FROM job')
    expect(rows).toEqual([{ jobs: MANY }])
  })

  test('sent again when only a finished job of it is left is not created anew', async () => {
    const { store } = await freshStore()
    await runningJob(store, { id: jobId(5) }).then(attempt => store.settle([completed(attempt)]))
    const outcomes = (await store.enqueue(newJobs(MANY))).map(({ outcome }) => outcome)
    expect(outcomes.flatMap((outcome, index) => (outcome === 'enqueued' ? [] : [index, outcome]))).toEqual([
      4,
      'exists'
    ])
    expect((await read(store, jobId(5))).state).toBe('completed')
  })

  test('with unique keys keeps them', async () => {
    const { store } = await freshStore()
    const jobs = newJobs(MANY).map((job, index) => ({ ...job, uniqueKey: `berth ${index % (MANY - 1)}` }))
    expect((await store.enqueue(jobs)).at(-1)).toEqual({ outcome: 'duplicate', id: jobId(1) })
  })

  test('that can be written in part only is not written at all', async () => {
    const { store, schema } = await freshStore()
    const jobs = newJobs(MANY).with(MANY - 1, newJob({ id: jobId(MANY), maxAttempts: 2 ** 40 }))
    await expect(store.enqueue(jobs)).rejects.toThrow('out of range')
    expect((await (await intruder(schema)).query('SELECT FROM job')).rowCount).toBe(0)
  })
})

describe('an enqueue sent again', () => {
  test('while its job is being completed does not double it', async () => {
    const { store, schema } = await freshStore()
    const attempt = await runningJob(store)
    const other = await intruder(schema)
    await other.query(`BEGIN; SELECT complete_jobs('{${attempt.id}}', '{${attempt.fence}}', '{NULL}', ${START})`)
    const again = store.enqueue([newJob(), newJob({ id: jobId(2) })])
    await untilBlocked(other, schema)
    await other.query('COMMIT')
    expect((await again).map(({ outcome }) => outcome)).toEqual(['exists', 'enqueued'])
    expect((await read(store, attempt.id)).state).toBe('completed')
    expect((await other.query('SELECT FROM job')).rowCount).toBe(1)
  })

  test('while the job with its unique key is being cancelled is there in the end', async () => {
    const { store, schema } = await freshStore()
    await store.enqueue([newJob({ uniqueKey: 'berth 4' })])
    const other = await intruder(schema)
    await other.query(`BEGIN; SELECT cancel_jobs('{${jobId(1)}}', ${START})`)
    const next = store.enqueue([newJob({ id: jobId(2), uniqueKey: 'berth 4' })])
    await untilBlocked(other, schema)
    await other.query('COMMIT')
    expect(await next).toEqual([{ outcome: 'enqueued', id: jobId(2) }])
  })
})
