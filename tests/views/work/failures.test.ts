import { expect, test } from 'vitest'

import type { DiscardSight } from '../../../src/core/alerts/rules/books-seen.ts'
import type { Store } from '../../../src/store/store.ts'
import { readFailures } from '../../../src/views/work/failures.ts'

const discard = (number: number, over: Partial<DiscardSight> = {}): DiscardSight => ({
  id: `job-${number}`,
  task: 'report',
  scheduleId: undefined,
  fireAt: undefined,
  finishedAt: 10_000 - number,
  problem: `connect ECONNREFUSED 10.0.0.${number}\n    at somewhere`,
  ...over
})
const storeOf = (jobs: readonly DiscardSight[]): Store =>
  ({ discardedJobs: (_: number, limit: number) => Promise.resolve(jobs.slice(0, limit)) }) as unknown as Store

test('failures are one group where only numbers and later lines differ', async () => {
  const jobs = [discard(1), discard(2, { task: 'mail' }), discard(3), discard(4, { problem: undefined })]
  expect(await readFailures(storeOf(jobs))).toEqual({
    items: [
      {
        task: 'report',
        error: 'connect ECONNREFUSED #.#.#.#',
        count: 2,
        firstAt: 9_997,
        lastAt: 9_999,
        jobId: 'job-1'
      },
      { task: 'mail', error: 'connect ECONNREFUSED #.#.#.#', count: 1, firstAt: 9_998, lastAt: 9_998, jobId: 'job-2' },
      { task: 'report', error: '', count: 1, firstAt: 9_996, lastAt: 9_996, jobId: 'job-4' }
    ],
    lookedAt: 4,
    isMore: false
  })
})

test('the newest 2,000 are looked at, and 200 groups are shown', async () => {
  const jobs = Array.from({ length: 2_001 }, (_, number) => discard(number, { problem: 'x'.repeat(number % 250) }))
  const { items, lookedAt, isMore } = await readFailures(storeOf(jobs))
  expect([items.length, lookedAt, isMore]).toEqual([200, 2_000, true])
})
