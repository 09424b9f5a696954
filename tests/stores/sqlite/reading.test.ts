import { expect, test } from 'vitest'

import { claim, completed, jobId, newJob, readPages } from '../../conformance/fixtures.ts'
import { freshFile, openFor } from './folder.ts'

const COUNT = 12_000

test('pages of a rare kind are found among many thousands, finished or not', async () => {
  const store = await openFor(freshFile())
  const isRare = (index: number): boolean => index % 3_001 === 17
  const jobs = Array.from({ length: COUNT }, (_, index) =>
    newJob({
      id: jobId(index),
      task: isRare(index) ? 'rare' : 'report',
      payload: '0',
      keepMs: index % 2 === 0 ? 0 : 60_000
    })
  )
  await store.enqueue(jobs)
  await store.settle((await claim(store, { limit: 7_000 })).jobs.map(job => completed(job)))
  const finished = (await claim(store, { tasks: ['rare'], limit: 1 })).jobs
  await store.settle(finished.map(job => completed(job)))
  const pages = await readPages(cursor => store.listJobs({ task: 'rare' }, { limit: 2, cursor }))
  const rare = jobs.filter((_, index) => isRare(index)).map(job => job.id)
  expect(pages.flat().map(job => job.id)).toEqual(rare.reverse())
  expect(pages.flat().at(-1)?.state).toBe('completed')
  expect((await store.listJobs({ task: 'nobody' }, { limit: 2 })).items).toEqual([])
})

test('a large backlog is counted in slices, each job once', async () => {
  const store = await openFor(freshFile())
  const later = Date.now() + 3_600_000
  const job = (index: number) =>
    newJob({
      id: jobId(index),
      payload: '0',
      queue: index % 3 === 0 ? 'berths' : 'default',
      runAt: index < 21_000 ? later : 0
    })
  await store.enqueue(Array.from({ length: 45_000 }, (_, index) => job(index)))
  await claim(store, { limit: 100 })
  const queues = await store.listQueues()
  expect(queues.map(({ queue }) => queue)).toEqual(['berths', 'default'])
  const total = (state: 'scheduled' | 'available' | 'running') =>
    queues.reduce((sum, { counts }) => sum + (counts[state] ?? 0), 0)
  expect([total('scheduled'), total('available'), total('running')]).toEqual([21_000, 23_900, 100])
  expect(queues[0]?.counts.scheduled).toBe(7_000)
  expect(await store.taskBacklogs()).toEqual([{ task: 'report', waiting: 44_900 }])
})
