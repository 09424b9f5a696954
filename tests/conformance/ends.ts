import { expect } from 'vitest'
import { claim, completed, failed, jobId, newJobs, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

/** What those who wait for jobs ask. */
export function testEnds({ test }: Suite): void {
  test('ends: of jobs in every state, and not of those that are not there', async ({ store }) => {
    await store.settle([completed(await runningJob(store, { id: jobId(1) }), '{"ships":3}')])
    await store.settle([completed(await runningJob(store, { id: jobId(2), task: 'invoice' }))])
    const tried = await runningJob(store, { id: jobId(3) })
    await store.settle([failed(tried, START, 'first')])
    const [again] = (await claim(store)).jobs
    await store.settle([failed(again!, undefined, 'last')])
    await store.settle([failed(await runningJob(store, { id: jobId(4) }), START + 5)])
    await store.enqueue(newJobs(1, { id: jobId(5) }))
    await store.cancel([jobId(5)])
    await runningJob(store, { id: jobId(6) })
    await store.settle([completed(await runningJob(store, { id: jobId(7), keepMs: 0 }))])
    const ids = [7, 6, 5, 4, 3, 2, 1, 1].map(jobId)
    const ends = await store.readEnds([...ids, 'no id at all'])
    const open = { state: undefined, result: undefined, failure: undefined }
    expect(ends.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: jobId(1), task: 'report', state: 'completed', result: '{"ships":3}', failure: undefined },
      { id: jobId(2), task: 'invoice', state: 'completed', result: undefined, failure: undefined },
      {
        id: jobId(3),
        task: 'report',
        state: 'discarded',
        result: undefined,
        failure: { attempt: 1, at: START, message: 'last' }
      },
      { ...open, id: jobId(4), task: 'report' },
      { ...open, id: jobId(5), task: 'report', state: 'cancelled' },
      { ...open, id: jobId(6), task: 'report' }
    ])
    expect(await store.readEnds([])).toEqual([])
  })

  test('ends: of many that one claim took', async ({ store }) => {
    await store.enqueue(newJobs(40))
    const { jobs } = await claim(store, { limit: 40 })
    await store.settle(jobs.slice(0, 20).map(job => completed(job, '1')))
    const ends = await store.readEnds(jobs.map(({ id }) => id))
    expect(ends.filter(({ state }) => state === 'completed')).toHaveLength(20)
    expect(ends.filter(({ state }) => state === undefined)).toHaveLength(20)
  })
}
