import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

import { inspectSqliteFile, migrateSqliteFile } from '../../../src/sqlite.ts'
import { Connection } from '../../../src/stores/sqlite/connection/connection.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { migrate, migrationStates } from '../../../src/stores/sqlite/migrate.ts'
import { migrations } from '../../../src/stores/sqlite/migrations/all.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { newJob, read } from '../../conformance/fixtures.ts'
import { freshFile, openFor } from './folder.ts'

const clock = new ManualClock('2026-03-02T10:00:00Z')
const next = {
  number: migrations.length + 1,
  name: 'next',
  minCompatible: migrations.length + 1,
  sql: 'CREATE TABLE next (x); INSERT INTO next VALUES (1)'
}

const busyOptions = (file: string) => ({ clock, random: () => 0.5, operationTimeoutMs: 100, file })

function execIn(file: string, sql: string): void {
  const database = openDriver(file)
  database.exec(sql)
  database.close()
}

describe('migrations', () => {
  test('are counted from 1 without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('pending before, applied after, and applied once', async () => {
    const file = freshFile()
    const before = await inspectSqliteFile({ file, clock })
    expect(before.map(({ appliedAt }) => appliedAt)).toEqual(migrations.map(() => undefined))
    const after = await migrateSqliteFile({ file, clock })
    expect(after).toEqual(migrations.map(({ number, name }) => ({ number, name, appliedAt: new Date(clock.now()) })))
    clock.set(clock.now() + 1_000)
    expect(await migrateSqliteFile({ file, clock })).toEqual(after)
    expect(await inspectSqliteFile({ file, clock })).toEqual(after)
  })

  test('looking makes no file, and leaves one that is there as it is', async () => {
    const file = freshFile()
    await inspectSqliteFile({ file, clock })
    expect(existsSync(file)).toBe(false)
    execIn(file, 'CREATE TABLE ship (name TEXT)')
    const before = readFileSync(file)
    expect((await inspectSqliteFile({ file, clock })).map(({ appliedAt }) => appliedAt)).toEqual(
      migrations.map(() => undefined)
    )
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('in the file of an app its own tables of whatever name are left alone', async () => {
    const file = freshFile()
    const names = ['migration', 'job', 'schedule', 'ledger', 'node', 'name', 'store', 'step', 'running', 'finished']
    for (const name of names) execIn(file, `CREATE TABLE ${name} (mine TEXT); INSERT INTO ${name} VALUES ('${name}')`)
    const store = await openFor(file)
    await store.enqueue([newJob()])
    expect((await store.listJobs({}, { limit: 10 })).items).toHaveLength(1)
    const database = openDriver(file)
    for (const name of names) expect(database.prepare(`SELECT * FROM ${name}`).all()).toEqual([{ mine: name }])
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all()
    const foreign = tables.map(({ name }) => String(name)).filter(name => !name.startsWith('escapement_'))
    database.close()
    expect(foreign.sort()).toEqual(names.sort())
  })

  test('a further one is applied to a file that is in use, and its rows stay', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.enqueue([newJob()])
    const connection = new Connection(file)
    const states = await migrate(connection, busyOptions(file), [...migrations, next])
    expect(states.at(-1)).toMatchObject({ number: next.number, name: 'next', appliedAt: new Date(clock.now()) })
    expect(connection.prepare('SELECT x FROM next').all()).toEqual([[1]])
    connection.close()
    expect((await read(store, newJob().id)).id).toBe(newJob().id)
  })

  test('one that fails leaves the file as it was', async () => {
    const file = freshFile()
    await migrateSqliteFile({ file, clock })
    const connection = new Connection(file)
    const broken = { ...next, sql: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)' }
    await expect(migrate(connection, busyOptions(file), [...migrations, broken])).rejects.toThrow('nowhere')
    expect(connection.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([])
    expect((await migrationStates(connection, busyOptions(file))).every(state => state.appliedAt !== undefined)).toBe(
      true
    )
    connection.close()
  })

  test('a file of a newer release is refused', async () => {
    const file = freshFile()
    const connection = new Connection(file)
    await migrate(connection, busyOptions(file), [...migrations, next])
    connection.close()
    await expect(openFor(file)).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('newer release')
    })
  })

  test('but not where its migrations say that this one may go on', async () => {
    const file = freshFile()
    const connection = new Connection(file)
    await migrate(connection, busyOptions(file), [...migrations, { ...next, minCompatible: migrations.length }])
    connection.close()
    const store = await openFor(file)
    await store.enqueue([newJob()])
    const states = await inspectSqliteFile({ file, clock })
    expect(states.at(-1)).toEqual({ number: next.number, name: 'next', appliedAt: new Date(clock.now()) })
    expect((await read(store, newJob().id)).id).toBe(newJob().id)
  })

  test('a migration that was applied in another wording is refused', async () => {
    const file = freshFile()
    await migrateSqliteFile({ file, clock })
    execIn(file, "UPDATE escapement_migration SET checksum = 'other' WHERE number = 1")
    await expect(openFor(file)).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('migration 1 (books)')
    })
  })
})
