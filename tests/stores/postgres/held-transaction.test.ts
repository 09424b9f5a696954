import type { Client } from 'pg'
import { afterEach, describe, expect, test, vi } from 'vitest'

import type { NewJob } from '../../../src/core/job/job.ts'
import type { Claim } from '../../../src/store/jobs.ts'
import { openBooks } from '../../../src/stores/postgres/open.ts'
import type { Books, Database } from '../../../src/stores/postgres/sql.ts'
import { claim } from '../../../src/stores/postgres/statements/claim.ts'
import { enqueue } from '../../../src/stores/postgres/statements/enqueue.ts'
import { settle } from '../../../src/stores/postgres/statements/settle.ts'
import { claimRequest, givenBack, jobId, newJob } from '../../conformance/fixtures.ts'
import { freshStore, intruder } from './fresh-store.ts'
import { serverUrl } from './server.ts'

/** Rows that were in the way of claims and are dead: 250 pages of them. */
const DEAD = `
  INSERT INTO job (id, run_at, created_at, keep_ms, place, lane, max_attempts, state, origin, delivery, payload)
  SELECT gen_random_uuid(), 1000 + n, 0, 0, 2, 1, 1, 1, 0, 0, repeat('x', 1800) FROM generate_series(1, 1000) AS n;
  DELETE FROM job`

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closing.splice(0)) await close()
})

interface Harbour {
  readonly books: Books
  readonly past: Client
  /** The connection whose transaction is open. */
  readonly blocker: Client
  readonly claim: (limit?: number) => Promise<Claim>
  /** What the claims brought along: null where one looked from the head on. */
  readonly floors: (string | null)[]
  /** Lets a second pass by the clock of the books. */
  readonly pass: () => number
  /** Lets so much time pass that a look from the head on is due. */
  readonly passMinutes: () => void
}

/** Books beside which a transaction is open that could still see the rows which died since it began. */
async function harbour(): Promise<Harbour> {
  const { schema, clock } = await freshStore()
  const [past, blocker] = [await intruder(schema), await intruder(schema)]
  const opened = await openBooks({ connection: serverUrl(), schema, clock })
  closing.push(() => opened.database.close())
  const floors: (string | null)[] = []
  const books = {
    ...opened.books,
    database: watched(opened.database, values => floors.push(values[6] as string | null))
  }
  let monotonic = 0
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic)
  const pass = (): number => {
    clock.set(clock.now() + 1_000)
    return clock.now()
  }
  await blocker.query('BEGIN; SELECT pg_current_xact_id()')
  await enqueue(books, [aJob(0, 0)])
  await past.query(DEAD)
  const claimSome = (limit = 10): Promise<Claim> => claim(books, claimRequest({ limit }))
  await claimSome()
  return { books, past, blocker, claim: claimSome, floors, pass, passMinutes: () => void (monotonic += 120_000) }
}

const watched = (database: Database, onClaim: (values: readonly unknown[]) => void): Database => ({
  schema: database.schema,
  query: (statement, values) => {
    if (statement.name === 'claim') onClaim(values ?? [])
    return database.query(statement, values)
  },
  transaction: (work, tries) => database.transaction(work, tries)
})

const idsOf = ({ jobs }: Claim): string[] => jobs.map(job => job.id)
const aJob = (number: number, runAt: number): NewJob => newJob({ id: jobId(number), runAt })

describe('beside a transaction that is held open', () => {
  test('claims look behind what was done, and find what is put in', async () => {
    const { books, claim, floors, pass } = await harbour()
    for (let number = 1; number <= 3; number++) {
      await enqueue(books, [aJob(number, 0)])
      pass()
      expect(idsOf(await claim())).toEqual([jobId(number)])
    }
    expect(floors.slice(-3)).toEqual([expect.any(String), expect.any(String), expect.any(String)])
  })

  test('a job that was put in by a commit which came very late is found by the next look from the head on', async () => {
    const { books, past, claim, floors, passMinutes } = await harbour()
    await enqueue(books, [aJob(1, 0)])
    await past.query('UPDATE job SET run_at = 1')
    expect(idsOf(await claim())).toEqual([])
    passMinutes()
    expect(idsOf(await claim())).toEqual([jobId(1)])
    expect(floors.at(-1)).toBeNull()
  })

  test('a job that this process gives back is found at once', async () => {
    const { books, claim, floors, pass } = await harbour()
    await enqueue(books, [aJob(1, 0)])
    await enqueue(books, [aJob(2, pass())])
    pass()
    const [first] = (await claim(1)).jobs
    await claim(1)
    await settle(books, [givenBack(first!)])
    expect(idsOf(await claim())).toEqual([jobId(1)])
    expect(floors.at(-1)).not.toBeNull()
  })

  test('claims look from the head on again once it has ended', async () => {
    const { blocker, claim, floors, passMinutes } = await harbour()
    await blocker.query('COMMIT')
    // The first look after it marks the rows as dead, unless another test's transaction could still see them.
    do {
      passMinutes()
      await claim()
      await claim()
    } while (floors.at(-1) !== null)
  })
})
