import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

import { inspectPostgres, migratePostgres } from '../../../../src/stores/postgres/open.ts'
import { migrationSql } from '../../../../src/stores/postgres/schema/migration-sql.ts'
import { migrate, migrationStates } from '../../../../src/stores/postgres/schema/migrate.ts'
import { migrations } from '../../../../src/stores/postgres/migrations/all.ts'
import { migrations as sqliteMigrations } from '../../../../src/stores/sqlite/migrations/all.ts'
import { programPath } from '../../../services/program.ts'
import { nodeRecord } from '../../../conformance/fixtures.ts'
import { freshStore } from '../fresh-store.ts'
import { execute, freshDatabase, freshName, openDatabase, serverUrl } from '../server.ts'

const next = {
  number: migrations.length + 1,
  name: 'next',
  minCompatible: migrations.length + 1,
  sql: 'CREATE TABLE next (x int); INSERT INTO next VALUES (1)'
}
const optionsOf = (schema: string) => ({ connection: serverUrl(), schema })
const hasSchema = async (schema: string): Promise<boolean> =>
  (await execute(`SELECT FROM pg_namespace WHERE nspname = '${schema}'`)).length > 0

describe('migrations', () => {
  test('have the numbers and names that they have in SQLite', () => {
    const named = ({ number, name, minCompatible }: (typeof migrations)[0]) => ({ number, name, minCompatible })
    expect(migrations.map(named)).toEqual(sqliteMigrations.map(named))
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  test('pending before, applied after, and applied once', async () => {
    const schema = freshName()
    const before = await inspectPostgres(optionsOf(schema))
    expect(before.map(({ appliedAt }) => appliedAt)).toEqual(migrations.map(() => undefined))
    expect(await hasSchema(schema)).toBe(false)
    const after = await migratePostgres(optionsOf(schema))
    expect(after.map(({ appliedAt }) => appliedAt instanceof Date)).toEqual(migrations.map(() => true))
    expect(await migratePostgres(optionsOf(schema))).toEqual(after)
    expect(await inspectPostgres(optionsOf(schema))).toEqual(after)
  })

  test('of twenty at once on an empty database one migrates, and the others find it done', async () => {
    const url = await freshDatabase()
    const schema = freshName()
    const databases = Array.from({ length: 20 }, () => openDatabase({ url, schema }))
    const states = await Promise.all(databases.map(database => migrate(database)))
    for (const each of states) expect(each).toEqual(states[0])
    expect(await execute(`SELECT count(*)::int AS count FROM ${schema}.store`, url)).toEqual([{ count: 1 }])
  })

  test('leave all else in the database alone', async () => {
    const url = await freshDatabase()
    await execute('CREATE TABLE job (mine text)', url)
    await migratePostgres({ connection: url })
    const tables = await execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url)
    expect(tables).toEqual([{ tablename: 'job' }])
    const foreign = await execute(
      "SELECT DISTINCT nspname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE nspname NOT LIKE 'pg_%' AND nspname <> 'information_schema' ORDER BY 1",
      url
    )
    expect(foreign).toEqual([{ nspname: 'escapement' }, { nspname: 'public' }])
  })

  test('a further one is applied to books that are in use', async () => {
    const database = openDatabase()
    await migrate(database)
    const states = await migrate(database, [...migrations, next])
    expect(states.at(-1)).toMatchObject({ number: next.number, name: 'next', appliedAt: expect.any(Date) })
    expect(await database.query({ text: 'SELECT x FROM {books}.next' })).toEqual([[1]])
  })

  test('one that fails leaves nothing of it', async () => {
    const schema = freshName()
    const database = openDatabase({ schema })
    const broken = { ...next, sql: 'CREATE TABLE half (x int); INSERT INTO nowhere VALUES (1)' }
    await expect(migrate(database, [...migrations, broken])).rejects.toThrow('nowhere')
    expect(await hasSchema(schema)).toBe(false)
    await migrate(database)
    await expect(migrate(database, [...migrations, broken])).rejects.toThrow('nowhere')
    expect((await migrationStates(database)).every(({ appliedAt }) => appliedAt !== undefined)).toBe(true)
  })

  test('books of a newer release are refused, unless its migrations say that this one may go on', async () => {
    const database = openDatabase()
    await migrate(database, [...migrations, next])
    await expect(migrate(database)).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('newer release')
    })
    const gentle = openDatabase()
    await migrate(gentle, [...migrations, { ...next, minCompatible: migrations.length }])
    expect((await migrate(gentle)).at(-1)).toMatchObject({ name: 'next', appliedAt: expect.any(Date) })
  })

  test('one that was applied in another wording is refused', async () => {
    const database = openDatabase()
    await migrate(database)
    await database.query({ text: "UPDATE {books}.migration SET checksum = 'other' WHERE number = 1" })
    await expect(migrate(database)).rejects.toMatchObject({
      code: 'migration-mismatch',
      message: expect.stringContaining('migration 1 (books)')
    })
  })
})

const psqlArguments = (): string[] => ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--dbname', serverUrl()]

const psql = (sql: string) => spawnSync(programPath('psql'), psqlArguments(), { input: sql, encoding: 'utf8' })

/** Leaves this process free to do something meanwhile. */
function psqlBeside(sql: string): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(programPath('psql'), psqlArguments(), { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  child.stdin.end(sql)
  return new Promise(resolve => child.once('close', status => resolve({ status, stderr })))
}

describe('by hand', () => {
  test('the printed statements do what migrating does', async () => {
    const schema = freshName()
    const { status, stderr } = psql(migrationSql(schema))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const states = await inspectPostgres(optionsOf(schema))
    expect(await migratePostgres(optionsOf(schema))).toEqual(states)
    expect(states.every(({ appliedAt }) => appliedAt !== undefined)).toBe(true)
    expect(psql(migrationSql(schema)).stderr).toContain('already exists')
  })

  test('those after a number go on from there', async () => {
    const schema = freshName()
    await migratePostgres(optionsOf(schema))
    expect(psql(migrationSql(schema, migrations.length, [...migrations, next])).status).toBe(0)
    expect(await execute(`SELECT x FROM ${schema}.next`)).toEqual([{ x: 1 }])
  })
})

describe('by hand, where others work', () => {
  const harsh = { ...next, minCompatible: migrations.length + 1 }

  test('nodes that could not go on are refused, and nothing is changed', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    const refused = psql(migrationSql(schema, migrations.length, [...migrations, harsh]))
    expect(refused.stderr).toContain('nodes of an earlier release may still work on these books')
    expect(await migrationStates(openDatabase({ schema }))).toHaveLength(migrations.length)
    await store.leave('node-a')
    expect(psql(migrationSql(schema, migrations.length, [...migrations, harsh])).status).toBe(0)
  })

  test('a table that somebody holds is waited for briefly, since all others wait behind', async () => {
    const { schema } = await freshStore()
    const altering = { ...next, sql: 'ALTER TABLE seat ADD COLUMN next int' }
    const holder = openDatabase({ schema })
    const freed = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const holding = holder.transaction(async tx => {
      await tx.query({ text: `LOCK TABLE ${schema}.seat IN ACCESS SHARE MODE` })
      held.resolve()
      await freed.promise
    })
    await held.promise
    const { status, stderr } = await psqlBeside(migrationSql(schema, migrations.length, [...migrations, altering]))
    freed.resolve()
    await holding
    expect(status).not.toBe(0)
    expect(stderr).toContain('lock timeout')
  })
})

describe('permissions', () => {
  test('a role that may not make the schema is told what it needs', async () => {
    const schema = freshName()
    const role = freshName()
    await execute(`CREATE ROLE ${role} LOGIN`)
    const connection = serverUrl().replace('postgres@', `${role}:secret@`)
    const refused = migratePostgres({ connection, schema })
    await expect(refused).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(`CREATE SCHEMA "${schema}" AUTHORIZATION "${role}"`)
    })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
    await execute(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`)
    const states = await migratePostgres({ connection, schema })
    expect(states.every(({ appliedAt }) => appliedAt !== undefined)).toBe(true)
  })

  test.each(['Books', 'pg_books', '1books', 'a"b', '', 'x'.repeat(49)])(
    '%j is no name for the schema',
    async schema => {
      await expect(migratePostgres(optionsOf(schema))).rejects.toMatchObject({ code: 'config-invalid' })
    }
  )
})
