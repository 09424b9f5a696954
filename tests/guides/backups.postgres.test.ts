import { expect, test } from 'vitest'
import { claimOne, newJobs } from '../conformance/fixtures.ts'
import { freshStore } from '../stores/postgres/fresh-store.ts'
import { execute } from '../stores/postgres/server.ts'
import { blocksOf } from './blocks.ts'

test('the statement of the guide raises fences and terms', async () => {
  const { store, schema } = await freshStore()
  await store.enqueue(newJobs(2))
  const holder = { id: 'holder', host: 'harbour', pid: 1 }
  await store.takeSeat({ seat: 'primary', term: 4, ttlMs: 1_000, holder, seen: undefined })
  const before = await claimOne(store)
  const block = blocksOf('backups.md').find(({ name }) => name === 'fences-postgres')
  await execute(block!.text.replaceAll('escapement.', `${schema}.`))
  const after = await claimOne(store)
  expect(after.fence).toBeGreaterThan(before.fence + 1_000_000)
  expect(Number.isSafeInteger(after.fence)).toBe(true)
  expect(await store.listSeats()).toMatchObject([{ term: 1_000_004 }])
})
