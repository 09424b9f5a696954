import { expect, test, vi } from 'vitest'
import { jobId, newJob } from '../../conformance/fixtures.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

const holder = (id: string) => ({ id, host: 'harbour', pid: 1 })

test('a take-over waits for a write in the name of the term that it ends', async () => {
  const { store, beside, schema } = await freshStore()
  const [other, blocker, observer] = [await beside(), await intruder(schema), await intruder(schema)]
  await store.takeSeat({ seat: 'primary', term: 1, holder: holder('ada'), ttlMs: 900, seen: undefined })
  const [seen] = await store.listSeats()
  const write = (number: number) => store.enqueueInSeat({ seat: 'primary', term: 1 }, [newJob({ id: jobId(number) })])
  // The lane of the job is known from here on, so that the next insert comes right after the look at the term.
  await write(1)

  await blocker.query('BEGIN; LOCK TABLE job IN SHARE MODE')
  const ended: unknown[] = []
  const writing = write(2).then(answer => void ended.push(answer))
  await untilBlocked(observer, schema)
  const taking = other
    .takeSeat({ seat: 'primary', term: 2, holder: holder('bob'), ttlMs: 900, seen })
    .then(isTaken => void ended.push(isTaken))
  const blocked = `SELECT FROM pg_stat_activity WHERE application_name = '${schema}' AND wait_event_type = 'Lock'`
  await vi.waitUntil(async () => ended.length > 0 || (await observer.query(blocked)).rowCount === 2, 60_000)
  expect(ended).toEqual([])
  await blocker.query('COMMIT')
  await Promise.all([writing, taking])
  expect(ended).toEqual(expect.arrayContaining([true, [{ outcome: 'enqueued', id: jobId(2) }]]))
})
