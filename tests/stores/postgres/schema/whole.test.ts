import { describe, expect, test } from 'vitest'

import { migratePostgres, openPostgresStore } from '../../../../src/postgres.ts'
import type { PostgresStore } from '../../../../src/postgres.ts'
import { newJob, nodeRecord } from '../../../conformance/fixtures.ts'
import { freshStore, intruder } from '../fresh-store.ts'
import { execute, freshName, serverUrl } from '../server.ts'

const asRole = (role: string): string => serverUrl().replace('postgres@', `${role}:secret@`)

async function opened<T>(schema: string, use: (store: PostgresStore) => Promise<T>, role?: string): Promise<T> {
  const connection = role === undefined ? serverUrl() : asRole(role)
  const store = await openPostgresStore({ connection, schema })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

const opening = (schema: string, role?: string): Promise<void> => opened(schema, () => Promise.resolve(), role)

async function freshBooks(): Promise<string> {
  const schema = freshName()
  await migratePostgres({ connection: serverUrl(), schema })
  return schema
}

/** A role that may do in the schema what a role of an app's has to. */
async function freshRole(schema: string, tables = 'SELECT, INSERT, UPDATE, DELETE'): Promise<string> {
  const role = freshName()
  await execute(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA ${schema} TO ${role};
GRANT ${tables} ON ALL TABLES IN SCHEMA ${schema} TO ${role}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`)
  return role
}

const refusal = (...parts: readonly string[]) => ({
  code: 'store-unavailable',
  message: expect.stringMatching(new RegExp(parts.join('.*'))) as string
})

describe('at the opening', () => {
  const cure = 'Restore the schema with all its rows from a backup, or drop it .*CASCADE'
  const faults: readonly (readonly [what: string, sql: string, parts: readonly string[]])[] = [
    ['every row', 'TRUNCATE store, migration', ['it has .*store.*no row in its table "migration"', cure]],
    ['the row of their identity', 'DELETE FROM store', ['lack the row of their table "store"', cure]],
    ['the table of the migrations', 'DROP TABLE migration', ['it has .*store.*no row', 'use another one']],
    ['a table', 'DROP TABLE ledger', ['they lack ledger', cure]],
    ['an index', 'DROP INDEX job_unique', ['they lack job_unique', cure]],
    ['a view', 'DROP VIEW unfinished CASCADE', ['they lack .*unfinished', cure]],
    ['a sequence', 'DROP SEQUENCE fence', ['they lack fence', cure]],
    ['functions', 'DROP FUNCTION now_ms; DROP FUNCTION new_id', ['they lack new_id\\(\\), now_ms\\(\\)', cure]]
  ]
  test.each(faults)('books without %s are refused', async (_, sql, parts) => {
    const schema = await freshBooks()
    await execute(`SET search_path TO ${schema}; ${sql}`)
    await expect(opening(schema)).rejects.toMatchObject(refusal(...parts))
  })

  test('books with jobs, and without the rows that name their tasks, are refused', async () => {
    const { store, schema } = await freshStore()
    await store.enqueue([newJob()])
    await execute(`DELETE FROM ${schema}.lane`)
    await expect(opening(schema)).rejects.toMatchObject(refusal('lack every row of "lane"', cure))
  })

  const foreign = [
    ['a table of migrations of its own', 'CREATE TABLE migration (version text)', 'has the columns version'],
    ['a table of jobs of its own', 'CREATE TABLE job (id int)', 'it has job']
  ] as const
  test.each(foreign)('a schema with %s is another program’s', async (_, sql, why) => {
    const schema = freshName()
    await execute(`CREATE SCHEMA ${schema}; SET search_path TO ${schema}; ${sql}`)
    await expect(opening(schema)).rejects.toMatchObject(refusal(why, 'use another one \\(postgres.schema'))
    const tables = await execute(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`)
    expect(tables).toHaveLength(1)
  })

  test('row-level security without a policy is told, and none with one that shows the rows', async () => {
    const schema = await freshBooks()
    const role = await freshRole(schema)
    await execute(`ALTER TABLE ${schema}.job ENABLE ROW LEVEL SECURITY`)
    await opening(schema)
    await expect(opening(schema, role)).rejects.toMatchObject(refusal('Row-level security .*: job\\.', 'DISABLE'))
    await execute(`CREATE POLICY all_of_it ON ${schema}.job USING (true) WITH CHECK (true)`)
    await opening(schema, role)
  })

  test('a role that may not read a table, or run a function, is told which', async () => {
    const schema = await freshBooks()
    const role = await freshRole(schema)
    await execute(
      `REVOKE SELECT ON ${schema}.ledger FROM ${role}; REVOKE EXECUTE ON FUNCTION ${schema}.new_id FROM PUBLIC`
    )
    await expect(opening(schema, role)).rejects.toMatchObject(
      refusal('EXECUTE ON new_id\\(\\), SELECT ON ledger', 'GRANT')
    )
  })

  test('a role that may only read can look, and is told at once why it can’t work', async () => {
    const schema = await freshBooks()
    const role = await freshRole(schema, 'SELECT')
    await opened(
      schema,
      async store => {
        expect(await store.listNodes()).toEqual([])
        await expect(store.join(nodeRecord())).rejects.toMatchObject(
          refusal('DELETE ON job, .*UPDATE ON store', 'GRANT')
        )
      },
      role
    )
  })

  test('what the guide grants a role is enough', async () => {
    const schema = await freshBooks()
    await opened(schema, store => store.join(nodeRecord()), await freshRole(schema))
  })
})

describe('while they are open', () => {
  test('the row of their identity: told at the next renewal', async () => {
    const { store, schema } = await freshStore()
    await store.join(nodeRecord())
    await execute(`TRUNCATE ${schema}.store`)
    const lacking = refusal('lack the row of their table "store"')
    await expect(store.renew('node-a')).rejects.toMatchObject(lacking)
    await expect(store.ledgerPrunedUntil()).rejects.toMatchObject(lacking)
  })

  test.each(['DROP TABLE ledger', 'DROP FUNCTION insert_jobs', 'DROP SCHEMA CASCADE'])('%s', async sql => {
    const { store, schema } = await freshStore()
    const client = await intruder(schema)
    await client.query(sql.startsWith('DROP SCHEMA') ? `DROP SCHEMA ${schema} CASCADE` : sql)
    const using = store.enqueue([newJob()]).then(() => store.latestLedger('minute-report', 1))
    await expect(using).rejects.toMatchObject(refusal('are incomplete', 'Restore the schema'))
  })
})
