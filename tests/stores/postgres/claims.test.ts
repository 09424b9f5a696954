import { describe, expect, test } from 'vitest'

import type { ClaimedJob, NewJob } from '../../../src/core/job/job.ts'
import type { Store } from '../../../src/store/store.ts'
import { claim, completed, jobId, newJob, newJobs, read } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder } from './fresh-store.ts'

const tasks = ['report', 'invoice', 'mail']
const idsOf = (jobs: readonly { readonly id: string }[]): string[] => jobs.map(job => job.id)

/** Numbered from `from`, over three tasks and two priorities, one a millisecond. */
const mixedJobs = (count: number): NewJob[] =>
  Array.from({ length: count }, (_, index) =>
    newJob({
      id: jobId(index + 1),
      task: tasks[index % 3]!,
      priority: index % 2,
      runAt: START + index,
      keepMs: index % 5 === 0 ? 0 : 1_000
    })
  )

describe('claims of several connections', () => {
  test('give no job twice and leave none, while others settle', async () => {
    const { store, clock, beside } = await freshStore()
    const jobs = mixedJobs(600)
    await store.enqueue(jobs)
    clock.set(START + 10_000)
    const taken: ClaimedJob[] = []
    const work = async (each: Store, node: string): Promise<void> => {
      for (;;) {
        const batch = (await claim(each, { node, tasks, limit: 11 })).jobs
        if (batch.length === 0) return
        taken.push(...batch)
        expect(new Set(await each.settle(batch.map(job => completed(job))))).toEqual(new Set(['accepted']))
      }
    }
    const stores = [store, await beside(), await beside(), await beside()]
    await Promise.all(stores.map((each, index) => work(each, `node-${index}`)))
    expect(idsOf(taken).toSorted()).toEqual(idsOf(jobs))
    expect(new Set(taken.map(job => job.fence)).size).toBe(600)
  })

  test.each([1, 2])(
    'step over what another has locked, in each of %i lanes, and are filled from behind it',
    async lanes => {
      const { store, clock, schema } = await freshStore()
      const jobs = newJobs(20).map((job, index) => ({
        ...job,
        runAt: START + index,
        task: index < 8 || lanes === 1 ? 'report' : 'invoice'
      }))
      await store.enqueue(jobs)
      clock.set(START + 100)
      const other = await intruder(schema)
      await other.query('BEGIN; SELECT FROM job ORDER BY run_at LIMIT 8 FOR UPDATE')
      expect(idsOf((await claim(store, { tasks, limit: 5 })).jobs)).toEqual(idsOf(jobs.slice(8, 13)))
      await other.query('ROLLBACK')
      expect(idsOf((await claim(store, { tasks, limit: 10 })).jobs)).toEqual(
        idsOf([...jobs.slice(0, 8), ...jobs.slice(13, 15)])
      )
    }
  )

  test('lock no more than they take, in any lane', async () => {
    const { store, clock, schema } = await freshStore()
    await store.enqueue(mixedJobs(60))
    clock.set(START + 100)
    const other = await intruder(schema)
    await other.query(`BEGIN; SELECT FROM claim(1, '{report,invoice,mail}', NULL, 10, false, ${START + 100}, NULL)`)
    const { rowCount } = await (await intruder(schema)).query('SELECT FROM job FOR UPDATE SKIP LOCKED')
    expect(rowCount).toBe(50)
    await other.query('ROLLBACK')
  })

  test('that are rolled back leave the jobs to others, under greater fences', async () => {
    const { store, schema } = await freshStore()
    await store.enqueue(newJobs(2))
    const other = await intruder(schema)
    const { rows } = await other
      .query<{ fence: string | null }>(`BEGIN; INSERT INTO runner (node) VALUES ('node-z')`)
      .then(() =>
        other.query<{ fence: string | null }>(`SELECT fence FROM claim(1, '{report}', NULL, 9, false, ${START}, NULL)`)
      )
    await other.query('ROLLBACK')
    const { jobs } = await claim(store)
    expect(idsOf(jobs)).toEqual([jobId(1), jobId(2)])
    for (const job of jobs) expect(job.fence).toBeGreaterThan(Math.max(...rows.map(row => Number(row.fence ?? 0))))
  })
})

describe('a claim', () => {
  test('writes nothing where nothing is due', async () => {
    const { store, schema } = await freshStore()
    await store.enqueue([newJob({ runAt: START + 50 })])
    await claim(store)
    const other = await intruder(schema)
    const counted =
      'SELECT (SELECT last_value FROM fence) AS fence, pg_snapshot_xmax(pg_current_snapshot())::text AS next'
    const before = (await other.query(counted)).rows
    await other.query('BEGIN')
    const { rows } = await other.query<{ payload: string }>(
      `SELECT payload FROM claim(1, '{report}', NULL, 9, true, ${START}, NULL)`
    )
    expect(JSON.parse(rows[0]!.payload)).toMatchObject({ nextRunAt: START + 50, soloSince: null })
    expect((await other.query('SELECT pg_current_xact_id_if_assigned() AS id')).rows).toEqual([{ id: null }])
    await other.query('COMMIT')
    expect((await other.query<{ fence: string }>(counted)).rows[0]?.fence).toEqual(
      (before[0] as { fence: string }).fence
    )
  })

  test('finds the lanes that other processes have made since', async () => {
    const { store, beside } = await freshStore()
    expect((await claim(store, { tasks })).jobs).toEqual([])
    const other = await beside()
    await other.enqueue([newJob({ task: 'mail', queue: 'new', priority: 7 })])
    expect((await claim(store, { tasks })).jobs).toMatchObject([{ task: 'mail', queue: 'new' }])
    expect(await read(other, jobId(1))).toMatchObject({ state: 'running', node: 'node-a', priority: 7 })
  })
})
