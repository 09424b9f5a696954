import { afterEach, describe, expect, test } from 'vitest'

import { openBooks } from '../../../src/stores/postgres/open.ts'
import type { OpenedBooks } from '../../../src/stores/postgres/open.ts'
import type { Books, Statement } from '../../../src/stores/postgres/sql.ts'
import { rescue } from '../../../src/stores/postgres/statements/rescue.ts'
import { settle } from '../../../src/stores/postgres/statements/settle.ts'
import { completed, failed, givenBack, jobId, newJobs, claim, read, runningJob } from '../../conformance/fixtures.ts'
import { START } from '../../conformance/suite.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'
import type { FreshStore } from './fresh-store.ts'
import { serverUrl } from './server.ts'

const opened: OpenedBooks[] = []

afterEach(async () => {
  for (const { database } of opened.splice(0)) await database.close()
})

/** Books in which something happens, once, just before an ending is written that was decided on what was read. */
async function booksWith({ schema, clock }: FreshStore, happens: () => Promise<unknown>): Promise<Books> {
  const inner = await openBooks({ connection: serverUrl(), schema, clock })
  opened.push(inner)
  const { database } = inner.books
  let hasHappened = false
  const query: typeof database.query = async (statement: Statement, values?: readonly unknown[]) => {
    if (statement.name === 'end_attempts' && !hasHappened) {
      hasHappened = true
      await happens()
    }
    return database.query(statement, values)
  }
  return {
    ...inner.books,
    database: { schema: database.schema, query, transaction: work => database.transaction(work) }
  }
}

describe('between the look at an attempt and the write of its end', () => {
  test('a cancel is asked for: the end is decided anew', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store)
    const books = await booksWith(fresh, () => fresh.store.cancel([attempt.id]))
    expect(await settle(books, [givenBack(attempt)])).toEqual(['accepted'])
    expect((await read(fresh.store, attempt.id)).state).toBe('cancelled')
  })

  test('a cancel is asked for: a last failure ends it as cancelled', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store)
    const books = await booksWith(fresh, () => fresh.store.cancel([attempt.id]))
    expect(await settle(books, [failed(attempt)])).toEqual(['accepted'])
    expect((await read(fresh.store, attempt.id)).state).toBe('cancelled')
  })

  test('it is settled otherwise: the report is stale', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store)
    const books = await booksWith(fresh, () => fresh.store.settle([completed(attempt, '1')]))
    expect(await settle(books, [failed(attempt)])).toEqual(['stale'])
    expect(await read(fresh.store, attempt.id)).toMatchObject({ state: 'completed', failures: 0 })
  })

  test('it is given back and taken again: the report is stale', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store)
    const books = await booksWith(fresh, async () => {
      await fresh.store.settle([givenBack(attempt)])
      await claim(fresh.store, { node: 'node-b' })
    })
    expect(await settle(books, [failed(attempt)])).toEqual(['stale'])
    expect(await read(fresh.store, attempt.id)).toMatchObject({ state: 'running', node: 'node-b' })
  })

  test('an at-most-once job begins: it is not freed by a rescue that saw it unbegun', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store, { delivery: 'at-most-once' }, 'node-that-died')
    const books = await booksWith(fresh, () => fresh.store.markStarted(attempt))
    expect(await rescue(books, 10)).toEqual([])
    expect((await read(fresh.store, attempt.id)).state).toBe('running')
    expect(await rescue(books, 10)).toMatchObject([{ state: 'discarded' }])
  })

  test('another rescues it: it is rescued once', async () => {
    const fresh = await freshStore()
    const attempt = await runningJob(fresh.store, {}, 'node-that-died')
    const books = await booksWith(fresh, () => fresh.store.rescue(10))
    expect(await rescue(books, 10)).toEqual([])
    expect((await read(fresh.store, attempt.id)).rescues).toBe(1)
  })
})

describe('who settles several jobs', () => {
  // What is given back is written first where nobody else has locked it.
  test.each([
    ['completed', [2, 3]],
    ['given back', [1, 2, 3]]
  ])('locks them in the order of their ids (%s)', async (how, free) => {
    const { store, schema } = await freshStore()
    await store.enqueue(newJobs(3))
    const { jobs } = await claim(store)
    const other = await intruder(schema)
    const lock = (number: number): string => `SELECT FROM job WHERE id = '${jobId(number)}' FOR UPDATE`
    await other.query(`BEGIN; ${lock(2)}; SAVEPOINT second; ${lock(3)}`)
    const report = how === 'completed' ? completed : givenBack
    const settling = store.settle(jobs.toReversed().map(job => report(job)))
    await untilBlocked(other, schema)
    await other.query('ROLLBACK TO second')
    const { rows } = await other.query<{ id: string }>('SELECT id FROM job FOR UPDATE SKIP LOCKED')
    expect(rows.map(({ id }) => id).toSorted()).toEqual(free.map(jobId))
    await other.query('COMMIT')
    expect(await settling).toEqual(['accepted', 'accepted', 'accepted'])
  })

  test('finds the one stale whose success was told twice at once', async () => {
    const { store, schema } = await freshStore()
    const attempt = await runningJob(store, { keepMs: 0 })
    const other = await intruder(schema)
    await other.query(`BEGIN; SELECT complete_jobs('{${attempt.id}}', '{${attempt.fence}}', '{NULL}', ${START})`)
    const settling = store.settle([completed(attempt)])
    await untilBlocked(other, schema)
    await other.query('COMMIT')
    expect(await settling).toEqual(['unknown'])
  })
})
