import type { Client } from 'pg'
import { describe, expect, test } from 'vitest'

import type { ClaimedJob, NewJob } from '../../../src/core/job/job.ts'
import type { AsyncTransaction } from '../../../src/core/job/handler.ts'
import type { Store } from '../../../src/store/store.ts'
import { claim, completed, failed, givenBack, jobId, newJob, newJobs, nodeRecord } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

const COUNT = 30

interface Harbour {
  readonly store: Store
  readonly client: Client
  readonly schema: string
  readonly beside: () => Promise<Store>
}

async function harbour(): Promise<Harbour> {
  const { store, schema, beside } = await freshStore({ packFrom: 4 })
  return { store, client: await intruder(schema), schema, beside }
}

/** All of them in one claim. */
async function packed(over: Partial<NewJob> = {}): Promise<Harbour & { jobs: readonly ClaimedJob[] }> {
  const place = await harbour()
  await place.store.enqueue(newJobs(COUNT, over))
  const { jobs } = await claim(place.store, { limit: COUNT })
  expect(await rows(place.client)).toEqual({ jobs: 0, left: [COUNT] })
  return { ...place, jobs }
}

async function rows(client: Client): Promise<{ jobs: number; left: number[] }> {
  const jobs = await client.query<{ count: number }>('SELECT count(*)::integer FROM job')
  const packs = await client.query<{ remaining: number }>('SELECT remaining FROM pack ORDER BY number')
  return { jobs: jobs.rows[0]!.count, left: packs.rows.map(({ remaining }) => remaining) }
}

const statesOf = async (store: Store): Promise<Record<string, number>> => {
  const { items } = await store.listJobs({}, { limit: 100 })
  return Object.fromEntries(
    Object.entries(Object.groupBy(items, job => job.state)).map(([state, jobs]) => [state, jobs.length])
  )
}

describe('a large claim', () => {
  test('is one row, and reads as so many running jobs, each under a fence of its own', async () => {
    const { store, jobs } = await packed()
    const { items } = await store.listJobs({ state: 'running' }, { limit: 100 })
    const read = items.map(({ id, fence, node, payload }) => ({ id, fence, node, payload }))
    expect(read).toEqual(jobs.map(({ id, fence, payload }) => ({ id, fence, node: 'node-a', payload })).toReversed())
    expect(new Set(jobs.map(job => job.fence)).size).toBe(COUNT)
    expect(await store.listQueues()).toMatchObject([{ queue: 'default', counts: { running: COUNT } }])
  })

  test('leaves as rows what has to be found while it runs, or is large, and gives all of them in their order', async () => {
    const { store, client } = await harbour()
    const others: Partial<NewJob>[] = [
      { uniqueKey: 'Borkum' },
      { scheduleId: 'hourly', fireAt: 1 },
      { delivery: 'at-most-once' },
      { payload: JSON.stringify('x'.repeat(2_000)) }
    ]
    await store.enqueue(newJobs(12).map((job, index) => ({ ...job, ...others[index - 3] })))
    const { jobs } = await claim(store, { limit: 12 })
    expect(jobs.map(job => job.id)).toEqual(newJobs(12).map(job => job.id))
    expect(jobs.map(job => job.delivery).indexOf('at-most-once')).toBe(5)
    expect(await rows(client)).toEqual({ jobs: 4, left: [8] })
    expect(new Set(await store.settle(jobs.map(job => completed(job))))).toEqual(new Set(['accepted']))
    expect(await rows(client)).toEqual({ jobs: 0, left: [] })
  })

  test('of another priority is another pack', async () => {
    const { store, client } = await harbour()
    await store.enqueue(newJobs(20).map((job, index) => ({ ...job, priority: index % 2 })))
    const { jobs } = await claim(store, { limit: 20 })
    expect(await rows(client)).toEqual({ jobs: 0, left: [10, 10] })
    expect(new Set(await store.settle(jobs.map(job => completed(job))))).toEqual(new Set(['accepted']))
  })

  test('carries any payload that is JSON', async () => {
    const { store } = await harbour()
    const payloads = ['null', '{"a b":" c  d "}', JSON.stringify('\u001E\u0000\t"\\é🚢'), '[1, 2]', '""']
    await store.enqueue(newJobs(5).map((job, index) => ({ ...job, payload: payloads[index]! })))
    expect((await claim(store)).jobs.map(job => job.payload)).toEqual(payloads)
  })
})

describe('packed jobs', () => {
  test('are completed in parts, each with its result, and once', async () => {
    const { store, jobs, client } = await packed()
    const report = (job: ClaimedJob) => completed(job, JSON.stringify(job.id))
    expect(new Set(await store.settle(jobs.slice(5, 12).map(report)))).toEqual(new Set(['accepted']))
    expect(await rows(client)).toEqual({ jobs: 0, left: [23] })
    expect(new Set(await store.settle(jobs.slice(0, 8).map(report)))).toEqual(new Set(['accepted']))
    expect(await statesOf(store)).toEqual({ running: 18, completed: 12 })
    expect(new Set(await store.settle(jobs.map(report)))).toEqual(new Set(['accepted']))
    expect(await rows(client)).toEqual({ jobs: 0, left: [] })
    const { items } = await store.listJobs({ state: 'completed' }, { limit: 100 })
    expect(items.map(({ id, result }) => [id, result])).toEqual(items.map(({ id }) => [id, JSON.stringify(id)]))
  })

  test('that are not kept are gone', async () => {
    const { store, jobs, client } = await packed({ keepMs: 0 })
    await store.settle(jobs.slice(1).map(job => completed(job)))
    expect(await rows(client)).toEqual({ jobs: 0, left: [1] })
    expect(await store.settle([completed(jobs[1]!)])).toEqual(['unknown'])
    expect((await store.listJobs({}, { limit: 100 })).items.map(job => job.id)).toEqual([jobs[0]!.id])
  })

  test('are each settled under their own fence only', async () => {
    const { store, jobs, client } = await packed()
    const [one, other] = jobs as [ClaimedJob, ClaimedJob]
    expect(await store.settle([completed({ id: one.id, fence: other.fence })])).toEqual(['stale'])
    expect(await store.settle([failed({ id: one.id, fence: other.fence })])).toEqual(['stale'])
    expect(await store.settle([completed({ id: one.id, fence: one.fence + 1023 })])).toEqual(['stale'])
    expect(await rows(client)).toEqual({ jobs: 0, left: [COUNT] })
  })

  test('end in other ways one by one, beside those that stay packed', async () => {
    const { store, jobs, client } = await packed()
    const reports = [completed(jobs[0]!), failed(jobs[1]!, START + 60_000), givenBack(jobs[2]!), completed(jobs[3]!)]
    expect(await store.settle(reports)).toEqual(Array(4).fill('accepted'))
    expect(await rows(client)).toEqual({ jobs: 2, left: [COUNT - 4] })
    expect(await store.settle(reports)).toEqual(Array(4).fill('accepted'))
    expect(await store.cancel([jobs[4]!.id, jobs[0]!.id, jobId(404)])).toEqual(['requested', 'finished', 'unknown'])
    expect(await statesOf(store)).toEqual({ running: COUNT - 4, completed: 2, retryable: 1, available: 1 })
    const { jobs: again } = await claim(store, { limit: COUNT })
    expect(again.map(job => job.id)).toEqual([jobs[2]!.id])
    expect(again[0]!.fence).toBeGreaterThan(jobs.at(-1)!.fence)
  })

  test('are not created a second time, by either way of writing them', async () => {
    const { store } = await packed()
    const exist = new Set(['exists'])
    expect(new Set((await store.enqueue(newJobs(COUNT))).map(answer => answer.outcome))).toEqual(exist)
    const many = Array.from({ length: 2_500 }, (_, index) => newJob({ id: jobId(index + COUNT) }))
    const answers = await store.enqueue(many)
    expect(answers.map(answer => answer.outcome)).toEqual(['exists', ...Array<string>(2_499).fill('enqueued')])
  })

  test('are not held up by the transaction of one of them', async () => {
    const { store, jobs } = await packed()
    const answer = await store.transact(jobs[0]!, async tx => {
      await (tx as AsyncTransaction).query('SELECT 1')
      expect(await store.settle([completed(jobs[1]!)])).toEqual(['accepted'])
      return '"done"'
    })
    expect(answer).toBe('written')
    expect(await statesOf(store)).toEqual({ running: COUNT - 2, completed: 2 })
  })

  test('whose handler saves several things at once are made rows by one of them, and all are saved', async () => {
    const { store, jobs } = await packed()
    const [attempt] = jobs as [ClaimedJob]
    const saved = Array.from({ length: 8 }, (_, index) => store.saveStep(attempt, { name: `s${index}`, result: '1' }))
    expect(await Promise.all([...saved, store.saveProgress(attempt, '"half"')])).toEqual(Array(9).fill(true))
    expect(await store.readSteps(attempt.id)).toHaveLength(8)
  })

  test('are settled while a cancel waits for the transaction of one that was packed with them', async () => {
    const { store, jobs, client, schema } = await packed()
    const cancelled = Promise.withResolvers<unknown>()
    await store.transact(jobs[0]!, async tx => {
      await (tx as AsyncTransaction).query('SELECT 1')
      cancelled.resolve(store.cancel([jobs[0]!.id, jobs[1]!.id]))
      await untilBlocked(client, schema)
      expect(await store.settle([completed(jobs[2]!)])).toEqual(['accepted'])
    })
    expect(await cancelled.promise).toEqual(['finished', 'requested'])
  })

  test('of a dead node are rescued, as many at a time as are asked for', async () => {
    const { store, jobs, client } = await packed()
    await store.join(nodeRecord({ id: 'node-b' }))
    await store.settle(jobs.slice(0, 3).map(job => completed(job)))
    expect(await store.rescue(10)).toHaveLength(10)
    expect(await store.rescue(100)).toHaveLength(COUNT - 13)
    expect(await store.rescue(100)).toEqual([])
    expect(await rows(client)).toEqual({ jobs: COUNT - 3, left: [] })
    expect(await store.settle([completed(jobs[5]!)])).toEqual(['stale'])
  })

  test('of a dead node are made rows pack by pack, until there are as many as are asked for', async () => {
    const { store, client } = await harbour()
    await store.enqueue(newJobs(3 * COUNT))
    for (let claims = 0; claims < 3; claims++) await claim(store, { limit: COUNT })
    expect(await store.rescue(1)).toHaveLength(1)
    expect(await rows(client)).toEqual({ jobs: COUNT, left: [COUNT, COUNT] })
    expect(await store.rescue(COUNT + 1)).toHaveLength(COUNT + 1)
  })

  const uses: Readonly<Record<string, (store: Store, jobs: readonly ClaimedJob[]) => Promise<unknown>>> = {
    completed: (store, jobs) => store.settle(jobs.map(job => completed(job))),
    'given back': (store, jobs) => store.settle(jobs.map(job => givenBack(job))),
    cancelled: (store, jobs) => store.cancel(jobs.map(({ id }) => id))
  }
  test.each(Object.keys(uses))('of several packs, %s, are locked in the order of the packs', async name => {
    const { store, client, schema } = await harbour()
    await store.enqueue(newJobs(2 * COUNT))
    const [first] = (await claim(store, { limit: COUNT })).jobs
    const [second] = (await claim(store, { limit: COUNT })).jobs
    // Nothing but the statement itself brings them into order: no index has one, and in the table they stand the other way round.
    await client.query(
      'ALTER TABLE pack DROP CONSTRAINT pack_pkey; DROP INDEX pack_greatest_id; DROP INDEX pack_runner'
    )
    await client.query('UPDATE pack SET remaining = remaining WHERE number = (SELECT min(number) FROM pack)')
    await client.query('BEGIN; SELECT FROM pack WHERE number = (SELECT min(number) FROM pack) FOR UPDATE')
    const using = uses[name]!(store, [second!, first!])
    await untilBlocked(client, schema)
    const free = client.query('SELECT FROM pack WHERE number = (SELECT max(number) FROM pack) FOR UPDATE NOWAIT')
    await expect(free).resolves.toMatchObject({ rowCount: 1 })
    await client.query('ROLLBACK')
    await using
  })

  test('are completed by one of two reports that come at the same time', async () => {
    const { store, jobs, client, schema, beside } = await packed({ keepMs: 0 })
    const other = await beside()
    await client.query('BEGIN; SELECT FROM pack FOR UPDATE')
    const answers = [store, other].map(each => each.settle([completed(jobs[0]!)]))
    await untilBlocked(client, schema, 2)
    await client.query('ROLLBACK')
    expect((await Promise.all(answers)).flat().toSorted()).toEqual(['accepted', 'unknown'])
  })

  test('of two claims are settled by several at once, each once', async () => {
    const { store, beside } = await harbour()
    await store.enqueue(newJobs(400, { keepMs: 0 }))
    const stores = [store, await beside(), await beside()]
    const claims = [await claim(store, { limit: 200 }), await claim(store, { limit: 200 })]
    const jobs = claims.flatMap(({ jobs: each }) => each)
    const mixed = jobs.map((_, index) => jobs[(index * 7) % jobs.length]!)
    const answers = await Promise.all(stores.map(each => each.settle(mixed.map(job => completed(job)))))
    const accepted = jobs.map((_, index) => answers.filter(each => each[index] === 'accepted').length)
    expect(new Set(accepted)).toEqual(new Set([1]))
  })
})
