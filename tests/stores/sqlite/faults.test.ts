import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { systemClock } from '../../../src/clock/system.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { asStoreError, classify } from '../../../src/stores/sqlite/errors.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { newJob, newJobs, runningJob } from '../../conformance/fixtures.ts'
import { executing, freshFile, freshFolder, openFor } from './folder.ts'

const unavailable = (file: string, reason: string) => ({
  name: 'EscapementError',
  code: 'store-unavailable',
  message: `The SQLite file ${file} could not be used: ${reason}.`,
  cause: expect.any(Error)
})

function errorOf(step: () => unknown): unknown {
  try {
    step()
  } catch (error) {
    return error
  }
  throw new Error('It did not fail.')
}

describe('faults of the file', () => {
  test('a folder that is not there', async () => {
    const file = join(freshFolder(), 'nowhere', 'books.db')
    await expect(openFor(file)).rejects.toMatchObject(unavailable(file, 'it could not be opened'))
  })

  test('a folder in place of the file', async () => {
    const file = join(freshFolder(), 'books.db')
    mkdirSync(file)
    await expect(openFor(file)).rejects.toMatchObject(unavailable(file, 'it could not be opened'))
  })

  test('a file that cannot have a write-ahead log', async () => {
    // The empty name is that of a temporary database, which never has one.
    await expect(openFor('')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('could not be put into WAL mode')
    })
  })

  test('a file that is no database', async () => {
    const file = freshFile()
    writeFileSync(file, 'Ships of the month, as told by the harbour master.\n'.repeat(100))
    await expect(openFor(file)).rejects.toMatchObject(unavailable(file, 'it is not an SQLite database'))
  })

  test('a database that may only be read', async () => {
    const file = freshFile()
    await openFor(file)
    const database = openDriver(file, { readOnly: true })
    const error = errorOf(() => database.exec('DELETE FROM escapement_job'))
    database.close()
    expect(asStoreError(error, file)).toMatchObject(unavailable(file, 'it is read-only'))
  })

  test('a disk that is full: nothing is written, and once there is room all goes on', async () => {
    const file = freshFile()
    const store = await openFor(file)
    const limitPages = async (pages: number): Promise<void> => {
      const attempt = await runningJob(store, { keepMs: 0 })
      await store.transact(attempt, executing(`PRAGMA max_page_count = ${pages}`))
    }
    await limitPages(100)
    const jobs = newJobs(200, { payload: JSON.stringify('x'.repeat(5_000)) })
    await expect(store.enqueue(jobs)).rejects.toMatchObject(unavailable(file, 'the disk is full'))
    expect((await store.listJobs({}, { limit: 1 })).items).toEqual([])
    await limitPages(100_000)
    expect(await store.enqueue(jobs)).toHaveLength(200)
  })

  test('the driver is told apart by its codes alone', () => {
    const database = openDriver(':memory:')
    database.exec('CREATE TABLE t (x UNIQUE)')
    database.exec('INSERT INTO t VALUES (1)')
    const constraint = errorOf(() => database.exec('INSERT INTO t VALUES (1)'))
    const syntax = errorOf(() => database.exec('SELEC 1'))
    database.close()
    expect([constraint, syntax, new Error('database is locked'), undefined].map(classify)).toEqual(
      Array.from({ length: 4 }, () => 'other')
    )
    expect(asStoreError(constraint, 'books.db')).toBe(constraint)
  })

  test('a lock is a lock by whatever extended code', () => {
    const file = freshFile()
    const [one, other] = [openDriver(file), openDriver(file)]
    one.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); BEGIN IMMEDIATE')
    expect(classify(errorOf(() => other.exec('BEGIN IMMEDIATE')))).toBe('busy')
    // BUSY_SNAPSHOT: a reader that wants to write after somebody else has.
    other.exec('BEGIN; SELECT * FROM t')
    one.exec('INSERT INTO t VALUES (1); COMMIT')
    expect(classify(errorOf(() => other.exec('INSERT INTO t VALUES (2)')))).toBe('busy')
    one.close()
    other.close()
  })

  test('books in memory end with their store', async () => {
    const store = await openSqliteStore({ file: ':memory:', clock: systemClock })
    expect(store.traits).toMatchObject({ name: 'sqlite', reach: 'process' })
    expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'enqueued' }])
    await store.close()
    const another = await openFor(':memory:')
    expect(await another.readJob(newJob().id)).toBeUndefined()
  })
})
