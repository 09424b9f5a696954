import { expect, test } from 'vitest'

import { claimRequest, jobId, newJobs, nodeRecord } from '../../conformance/fixtures.ts'
import { freshStore, intruder } from './fresh-store.ts'

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
