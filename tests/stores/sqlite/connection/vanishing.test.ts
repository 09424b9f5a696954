import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

import { systemClock } from '../../../../src/clock/system.ts'
import { migrateSqliteFile } from '../../../../src/sqlite.ts'
import type { SqliteStore } from '../../../../src/sqlite.ts'
import { openDriver } from '../../../../src/stores/sqlite/connection/driver.ts'
import { ManualClock } from '../../../../src/testing/manual-clock.ts'
import { claim, jobId, newJob, nodeRecord, read } from '../../../conformance/fixtures.ts'
import { START } from '../../../conformance/suite.ts'
import { freshFile, freshFolder, openFor } from '../folder.ts'
import { removeFolder } from '../../../remove-folder.ts'

const gone = { code: 'store-unavailable', message: expect.stringContaining('while this process has it open') as string }

/** What a node does of itself, each of which has to notice. */
const uses: Readonly<Record<string, (store: SqliteStore) => Promise<unknown>>> = {
  renew: store => store.renew('node-a'),
  enqueue: store => store.enqueue([newJob({ id: jobId(2) })]),
  claim: store => claim(store),
  now: store => Promise.resolve(store.now()),
  read: store => store.readJob(jobId(1)),
  list: store => store.listJobs({}, { limit: 1 })
}

async function openWithJob(file: string, options: Parameters<typeof openFor>[1] = {}): Promise<SqliteStore> {
  const store = await openFor(file, options)
  await store.join(nodeRecord())
  await store.enqueue([newJob()])
  return store
}

async function expectRefusals(store: SqliteStore): Promise<void> {
  for (const [name, use] of Object.entries(uses)) await expect(use(store), name).rejects.toMatchObject(gone)
}

async function expectAllWell(store: SqliteStore): Promise<void> {
  expect(await store.renew('node-a')).toMatchObject({ phase: 'alive' })
  expect(await store.enqueue([newJob({ id: jobId(2) })])).toMatchObject([{ outcome: 'enqueued' }])
  expect(await read(store, jobId(1))).toMatchObject({ state: 'available' })
}

const files = (file: string): string[] => [file, `${file}-wal`, `${file}-shm`]

describe('a file that is no longer what was opened is not written', () => {
  test('deleted: nothing is said to be written, and nothing is', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    for (const each of files(file)) rmSync(each)
    await expectRefusals(store)
    expect(existsSync(file)).toBe(false)
  })

  test('renamed, and back again: it goes on by itself', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    renameSync(file, `${file}.old`)
    await expectRefusals(store)
    renameSync(`${file}.old`, file)
    await expectAllWell(store)
  })

  test('replaced by a copy of itself', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    copyFileSync(file, `${file}.new`)
    renameSync(`${file}.new`, file)
    await expectRefusals(store)
  })

  test('replaced by new books, which its end leaves alone', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    for (const each of files(file)) rmSync(each)
    const other = await openFor(file)
    await other.enqueue([newJob({ id: jobId(7) })])
    await expectRefusals(store)
    await store.close()
    expect(files(file).filter(each => !existsSync(each))).toEqual([])
    expect((await other.listJobs({}, { limit: 10 })).items.map(({ id }) => id)).toEqual([jobId(7)])
  })

  test('with its folder renamed, and back again', async () => {
    const folder = join(freshFolder(), 'data')
    mkdirSync(folder)
    const store = await openWithJob(join(folder, 'books.db'))
    renameSync(folder, `${folder}.old`)
    await expectRefusals(store)
    renameSync(`${folder}.old`, folder)
    await expectAllWell(store)
  })

  test('with its folder removed', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    removeFolder(dirname(file))
    await expectRefusals(store)
  })

  test('behind a symbolic link that leads elsewhere now', async () => {
    const folder = freshFolder()
    for (const name of ['one', 'two']) mkdirSync(join(folder, name))
    symlinkSync(join(folder, 'one'), join(folder, 'current'))
    const file = join(folder, 'current', 'books.db')
    const store = await openWithJob(file)
    await expectAllWell(store)
    rmSync(join(folder, 'current'))
    symlinkSync(join(folder, 'two'), join(folder, 'current'))
    await migrateSqliteFile({ file, clock: systemClock })
    await expectRefusals(store)
  })

  test('emptied', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    truncateSync(file)
    await expectRefusals(store)
  })

  test.each(['-wal', '-shm'])('without its %s, or with another', async end => {
    const file = freshFile()
    const clock = new ManualClock(START)
    const store = await openWithJob(file, { clock })
    linkSync(`${file}${end}`, `${file}.kept`)
    rmSync(`${file}${end}`)
    await clock.advance(100)
    await expectRefusals(store)
    writeFileSync(`${file}${end}`, '')
    await expectRefusals(store)
    renameSync(`${file}.kept`, `${file}${end}`)
    await expectAllWell(store)
  })
})

const incomplete = (lacks: string) => ({
  code: 'store-unavailable',
  message: expect.stringMatching(
    new RegExp(`are incomplete: .*${lacks}.*Restore the whole file from a backup, or drop`)
  ) as string
})

function execIn(file: string, sql: string): void {
  const database = openDriver(file)
  database.exec(sql)
  database.close()
}

describe('books of which a part is gone are refused, with what is gone', () => {
  const faults: readonly (readonly [name: string, sql: string, lacks: string])[] = [
    ['the row of their identity', 'DELETE FROM escapement_store', 'the row of escapement_store is gone'],
    ['the rows of the migrations', 'DELETE FROM escapement_migration', 'no row in escapement_migration'],
    ['the table of the migrations', 'DROP TABLE escapement_migration', 'no row in escapement_migration'],
    ['a table', 'DROP TABLE escapement_job', 'it lacks escapement_job'],
    ['an index', 'DROP INDEX escapement_job_waiting', 'it lacks escapement_job_waiting']
  ]
  test.each(faults)('%s, at the opening', async (_, sql, lacks) => {
    const file = freshFile()
    await migrateSqliteFile({ file, clock: systemClock })
    execIn(file, sql)
    await expect(openFor(file)).rejects.toMatchObject(incomplete(lacks))
  })

  test('the schema without its rows, as of a restore', async () => {
    const [file, restored] = [freshFile(), freshFile()]
    await migrateSqliteFile({ file, clock: systemClock })
    const database = openDriver(file)
    const made = database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC').all()
    database.close()
    execIn(restored, made.map(({ sql }) => `${String(sql)};`).join('\n'))
    await expect(openFor(restored)).rejects.toMatchObject(incomplete('no row in escapement_migration'))
  })

  test('the row of their identity, while they are open', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    execIn(file, 'DELETE FROM escapement_store')
    const lacking = incomplete('the row of escapement_store is gone')
    await expect(store.renew('node-a')).rejects.toMatchObject(lacking)
    await expect(claim(store)).rejects.toMatchObject(lacking)
    await expect(store.ledgerPrunedUntil()).rejects.toMatchObject(lacking)
    await expect(openFor(file)).rejects.toMatchObject(lacking)
  })

  test('the names of tasks, while they are open', async () => {
    const file = freshFile()
    await openWithJob(file)
    const other = await openFor(file)
    execIn(file, 'DELETE FROM escapement_name')
    await expect(other.readJob(jobId(1))).rejects.toMatchObject(incomplete('escapement_name lacks'))
    await expect(openFor(file)).rejects.toMatchObject(incomplete('escapement_name is empty'))
  })

  test('a table, while they are open', async () => {
    const file = freshFile()
    const store = await openWithJob(file)
    execIn(file, 'DROP TABLE escapement_running')
    await expect(store.renew('node-a')).rejects.toMatchObject(incomplete('no such table: escapement_running'))
  })
})
