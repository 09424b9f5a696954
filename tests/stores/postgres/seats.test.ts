import { expect, test, vi } from 'vitest'
import { jobId, newJob } from '../../conformance/fixtures.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

const holder = (id: string) => ({ id, host: 'harbour', pid: 1 })

/** Inserts of jobs stand still, without waiting for a lock, until the gate has a row. */
const gate = `
CREATE TABLE gate (opened boolean);
CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM gate) LOOP
    PERFORM pg_sleep(0.01);
  END LOOP;
  RETURN NEW;
END
$$;
CREATE TRIGGER stand_still BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION stand_still()`

async function seated() {
  const { store, beside, schema } = await freshStore()
  const [other, blocker, observer] = [await beside(), await intruder(schema), await intruder(schema)]
  await store.takeSeat({ seat: 'primary', term: 1, holder: holder('ada'), ttlMs: 900, seen: undefined })
  const [seen] = await store.listSeats()
  const write = (number: number) => store.enqueueInSeat({ seat: 'primary', term: 1 }, [newJob({ id: jobId(number) })])
  // The lane of the job is known from here on, so that the next insert comes right after the look at the term.
  await write(1)
  const take = () => other.takeSeat({ seat: 'primary', term: 2, holder: holder('bob'), ttlMs: 900, seen })
  return { store, schema, blocker, observer, write, take }
}

test('a take-over waits for a write that goes on in the name of the term that it ends', async () => {
  const { schema, blocker, observer, write, take } = await seated()
  await blocker.query(gate)
  const ended: unknown[] = []
  const writing = write(2).then(answer => void ended.push(answer))
  const still = `SELECT FROM pg_stat_activity WHERE application_name = '${schema}' AND wait_event = 'PgSleep'`
  await vi.waitUntil(async () => (await observer.query(still)).rowCount === 1, 60_000)
  const taking = take().then(isTaken => void ended.push(isTaken))
  await untilBlocked(observer, schema)
  expect(ended).toEqual([])
  await blocker.query('INSERT INTO gate VALUES (true)')
  await Promise.all([writing, taking])
  expect(ended).toEqual(expect.arrayContaining([true, [{ outcome: 'enqueued', id: jobId(2) }]]))
})

test('a write that others hold up holds up no take-over, and is refused after it', async () => {
  const { store, schema, blocker, observer, write, take } = await seated()
  await blocker.query('BEGIN; LOCK TABLE job IN SHARE MODE')
  const writing = write(2)
  await untilBlocked(observer, schema)
  expect(await take()).toBe(true)
  await blocker.query('COMMIT')
  expect(await writing).toBe('deposed')
  expect(await store.readJob(jobId(2))).toBeUndefined()
})
