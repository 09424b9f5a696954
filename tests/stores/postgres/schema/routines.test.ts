import { describe, expect, test } from 'vitest'
import { migrate, migrationStates } from '../../../../src/stores/postgres/schema/migrate.ts'
import { migrations } from '../../../../src/stores/postgres/migrations/all.ts'
import { routines } from '../../../../src/stores/postgres/routines/all.ts'
import { EDITION } from '../../../../src/stores/postgres/routines/editions.ts'
import { routineOf } from '../../../../src/stores/postgres/routines/routine.ts'
import { migrationSql } from '../../../../src/stores/postgres/schema/migration-sql.ts'
import { newJob } from '../../../conformance/fixtures.ts'
import { freshStore } from '../fresh-store.ts'
import { execute, freshName, openDatabase, serverUrl } from '../server.ts'

/** The routines with one that tells which edition made it. */
const setOf = (edition: number) => ({
  edition,
  routines: [
    ...routines,
    routineOf(`
-- Of the test.
CREATE OR REPLACE FUNCTION which() RETURNS integer LANGUAGE sql AS $$ SELECT ${edition} $$`)
  ]
})
const migrateTo = (database: ReturnType<typeof openDatabase>, edition: number) =>
  migrate(database, migrations, { routines: setOf(edition) })
const which = async (database: ReturnType<typeof openDatabase>) =>
  (await database.query<[number]>({ text: 'SELECT {books}.which()' }))[0]![0]

describe('routines', () => {
  test('are made anew where their text is another, and only then', async () => {
    const database = openDatabase()
    await migrate(database)
    const rows = () => database.query({ text: 'SELECT name, hash, edition, made_at, xmin::text FROM {books}.routine' })
    const before = await rows()
    const pending = { number: 0, name: 'routines', appliedAt: undefined }
    expect((await migrationStates(database, migrations, setOf(EDITION + 1))).at(-1)).toEqual(pending)
    expect(await migrationStates(database)).not.toContainEqual(pending)
    expect(before).toHaveLength(routines.length)
    await migrate(database)
    expect(await rows()).toEqual(before)
    await migrateTo(database, EDITION + 1)
    expect(await which(database)).toBe(EDITION + 1)
    const after = await rows()
    expect(after).toEqual(expect.arrayContaining(before))
    expect(after).toHaveLength(before.length + 1)
  })

  test('of a later edition are left alone by an older release, whoever starts last', async () => {
    const database = openDatabase()
    await migrateTo(database, EDITION + 2)
    await migrateTo(database, EDITION + 1)
    await migrate(database)
    expect(await which(database)).toBe(EDITION + 2)
    await migrateTo(database, EDITION + 3)
    expect(await which(database)).toBe(EDITION + 3)
  })

  test('of two releases that start at once, many times, are those of the later one', async () => {
    const schema = freshName()
    const databases = Array.from({ length: 12 }, () => openDatabase({ schema }))
    await Promise.all(databases.map((database, index) => migrateTo(database, EDITION + (index % 2))))
    expect(await which(databases[0]!)).toBe(EDITION + 1)
  })

  test('an open store of the release before goes on with those of the next', async () => {
    const { store, schema } = await freshStore()
    await store.enqueue([newJob()])
    const insertJobs = routines.find(({ name }) => name === 'insert_jobs')!
    // Another text, by which it can be told that it ran.
    const next = routineOf(insertJobs.sql.replace('\nBEGIN\n', `\nBEGIN\n  CREATE TABLE IF NOT EXISTS it_ran ();\n`))
    const database = openDatabase({ schema })
    await migrate(database, migrations, { routines: { routines: [next], edition: EDITION + 1 } })
    expect(await store.enqueue([newJob({ id: '019cae00-0000-7000-8000-000000000002' })])).toMatchObject([
      { outcome: 'enqueued' }
    ])
    expect(await execute(`SELECT FROM pg_tables WHERE schemaname = '${schema}' AND tablename = 'it_ran'`)).toHaveLength(
      1
    )
  })

  test('with another comment are the same', () => {
    const text = '\nCREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$'
    expect(routineOf(`-- One.${text}`).hash).toBe(routineOf(`-- Another.${text}`).hash)
  })

  test('are not put back by hand in the place of later ones', async () => {
    const schema = freshName()
    await migrateTo(openDatabase({ schema }), EDITION + 1)
    await expect(execute(migrationSql(schema, migrations.length), serverUrl())).rejects.toThrow('newer release')
  })
})
