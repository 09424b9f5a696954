import { expect, test } from 'vitest'

import { claimRequest, failed, jobId, newJobs, nodeRecord } from '../../conformance/fixtures.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

test('a job that is being completed by a transaction which does not end keeps no other from being rescued', async () => {
  const { store, schema } = await freshStore()
  await store.join(nodeRecord())
  await store.enqueue(newJobs(2))
  await store.claim(claimRequest({ limit: 2 }))
  const frozen = await intruder(schema)
  await frozen.query(`BEGIN; DELETE FROM job WHERE id = '${jobId(1)}'`)
  await store.leave('node-a')
  expect((await store.rescue(10)).map(({ id }) => id)).toEqual([jobId(2)])
  await frozen.query('ROLLBACK')
  expect((await store.rescue(10)).map(({ id }) => id)).toEqual([jobId(1)])
})

test('nor does it keep the reports on others from being written', async () => {
  const { store, schema } = await freshStore()
  await store.enqueue(newJobs(2))
  const { jobs } = await store.claim(claimRequest({ limit: 2 }))
  const frozen = await intruder(schema)
  await frozen.query(`BEGIN; DELETE FROM job WHERE id = '${jobId(1)}'`)
  const settled = store.settle(jobs.map(job => failed(job)))
  await untilBlocked(frozen, schema)
  const { rows } = await frozen.query(`SELECT id FROM finished`)
  await frozen.query('ROLLBACK')
  expect(await settled).toEqual(['accepted', 'accepted'])
  expect(rows).toEqual([{ id: jobId(2) }])
})
