import { expect, test } from 'vitest'

import { claim, completed, failed, jobId, newJob, readPages, runningJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder } from './fresh-store.ts'

const COUNT = 45_000

test('pages of a rare kind are found among many thousands, finished or not', async () => {
  const { store } = await freshStore()
  const isRare = (index: number): boolean => index % 11_001 === 17
  const jobs = Array.from({ length: COUNT }, (_, index) =>
    newJob({ id: jobId(index), task: isRare(index) ? 'rare' : 'report', payload: '0' })
  )
  await store.enqueue(jobs)
  const ended = [
    ...(await claim(store, { limit: 23_000 })).jobs,
    ...(await claim(store, { tasks: ['rare'], limit: 2 })).jobs
  ]
  await store.settle(ended.map(job => completed(job)))
  const pages = await readPages(cursor => store.listJobs({ task: 'rare' }, { limit: 2, cursor }))
  expect(pages.flat().map(job => job.id)).toEqual([44_021, 33_020, 22_019, 11_018, 17].map(jobId))
  expect(pages.flat().map(job => job.state)).toEqual(['available', 'available', 'available', 'completed', 'completed'])
  const rare = { task: 'rare', state: 'completed' } as const
  expect((await store.listJobs(rare, { limit: 9 })).items.map(job => job.id)).toEqual([11_018, 17].map(jobId))
  expect((await store.listJobs({ task: 'nobody' }, { limit: 2 })).items).toEqual([])
})

test('a job whose retry is due is shown, found and counted as available', async () => {
  const { store, clock } = await freshStore()
  await store.settle([failed(await runningJob(store), START + 500)])
  await store.enqueue([newJob({ id: jobId(2), runAt: START + 500 })])
  const seen = async () => ({
    states: (await store.listJobs({}, { limit: 9 })).items.map(job => job.state),
    retryable: (await store.listJobs({ state: 'retryable' }, { limit: 9 })).items.map(job => job.id),
    available: (await store.listJobs({ state: 'available' }, { limit: 9 })).items.length,
    counts: (await store.listQueues())[0]?.counts
  })
  expect(await seen()).toEqual({
    states: ['scheduled', 'retryable'],
    retryable: [jobId(1)],
    available: 0,
    counts: { scheduled: 1, retryable: 1 }
  })
  clock.set(START + 500)
  expect(await seen()).toEqual({
    states: ['available', 'available'],
    retryable: [],
    available: 2,
    counts: { available: 2 }
  })
})

test('ids and cursors that are none are said to be, or nobody’s', async () => {
  const { store } = await freshStore()
  expect(await store.readJob('aground')).toBeUndefined()
  await expect(store.listJobs({}, { limit: 1, cursor: 'aground' })).rejects.toMatchObject({ code: 'id-invalid' })
})

test('what another pruner has taken is left to it', async () => {
  const { store, schema, clock } = await freshStore()
  await store.enqueue(Array.from({ length: 6 }, (_, index) => newJob({ id: jobId(index), keepMs: 1 })))
  await store.settle((await claim(store)).jobs.map(job => completed(job)))
  const other = await intruder(schema)
  await other.query('BEGIN; SELECT FROM finished ORDER BY id LIMIT 2 FOR UPDATE')
  const request = { ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 9 }
  clock.set(START + 5)
  expect(await store.prune(request)).toMatchObject({ jobs: 4 })
  await other.query('COMMIT')
  expect(await store.prune(request)).toMatchObject({ jobs: 2 })
})
