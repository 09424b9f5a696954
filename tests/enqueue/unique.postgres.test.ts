import { expect, test } from 'vitest'
import type { NewJob } from '../../src/core/job/job.ts'
import { WHILE_KEPT } from '../../src/core/job/unique.ts'
import { claimOne, completed, jobId, newJob, read } from '../conformance/fixtures.ts'
import { freshStore, intruder } from '../stores/postgres/fresh-store.ts'

const keyed = (number: number, over: Partial<NewJob> = {}): NewJob =>
  newJob({ id: jobId(number), uniqueKey: 'berth 4', ...over })

test('within a transaction of the app a key is held, replaced and undone with it', async () => {
  const { store, schema } = await freshStore()
  const client = await intruder(schema)
  const within = async (job: NewJob): Promise<unknown> => (await store.enqueueWithin!(client, [job]))[0]
  await client.query('BEGIN')
  expect(await within(keyed(1, { uniqueUntil: WHILE_KEPT }))).toEqual({ outcome: 'enqueued', id: jobId(1) })
  expect(await within(keyed(2, { replaces: true, payload: '2' }))).toEqual({ outcome: 'replaced', id: jobId(1) })
  await client.query('ROLLBACK')
  expect(await store.readJob(jobId(1))).toBeUndefined()
  await store.enqueue([keyed(1, { uniqueUntil: WHILE_KEPT })])
  await client.query('BEGIN')
  expect(await within(keyed(2, { replaces: true, payload: '2', uniqueUntil: WHILE_KEPT }))).toMatchObject({
    outcome: 'replaced'
  })
  await client.query('COMMIT')
  expect((await read(store, jobId(1))).payload).toBe('2')
  await store.settle([completed(await claimOne(store))])
  expect(await within(keyed(3))).toEqual({ outcome: 'duplicate', id: jobId(1) })
})

test('what a transaction holds is not replaced by a sparing enqueue, and waits for nobody', async () => {
  const { store, schema } = await freshStore()
  await store.enqueue([keyed(1)])
  const client = await intruder(schema)
  await client.query('BEGIN')
  await client.query(`SELECT FROM ${schema}.job FOR UPDATE`)
  expect(await store.sparing!.enqueue([keyed(2, { replaces: true }), newJob({ id: jobId(3) })])).toEqual([
    'held',
    { outcome: 'enqueued', id: jobId(3) }
  ])
  await client.query('ROLLBACK')
  expect(await store.sparing!.enqueue([keyed(2, { replaces: true, payload: '2' })])).toEqual([
    { outcome: 'replaced', id: jobId(1) }
  ])
})

test('a key that is held while kept is never held twice, however jobs finish and come meanwhile', async () => {
  const { store } = await freshStore()
  let number = 0
  const feed = async (): Promise<void> => {
    for (let round = 0; round < 30; round++)
      await store.enqueue([keyed(++number, { uniqueUntil: WHILE_KEPT, uniqueKey: `berth ${round % 10}` })])
  }
  const work = async (): Promise<void> => {
    for (let round = 0; round < 30; round++) {
      const { jobs } = await store.claim({
        node: 'node-a',
        tasks: ['report'],
        queues: undefined,
        limit: 3,
        mayTakeSolo: false
      })
      await store.settle(jobs.map(job => completed(job)))
    }
  }
  await Promise.all([feed(), feed(), feed(), work(), work()])
  const { items } = await store.listJobs({}, { limit: 1_000 })
  const keys = items.map(({ uniqueKey }) => uniqueKey)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).toHaveLength(10)
})
