import { expect, test } from 'vitest'
import { inspectPostgres, openPostgresStore } from '../../../../src/postgres.ts'
import { migrationSql } from '../../../../src/stores/postgres/schema/migration-sql.ts'
import { migrations } from '../../../../src/stores/postgres/migrations/all.ts'
import { checksumOf } from '../../../../src/stores/sql/migration.ts'
import { ManualClock } from '../../../../src/testing/manual-clock.ts'
import { START } from '../../../conformance/suite.ts'
import { isWriting, layoutsOf, readLayout, writeLayout } from '../../layouts/layout-file.ts'
import { drain, recordsOf, unfinished, writeSample } from '../../layouts/sample-books.ts'
import { dumpRows } from './dump-rows.ts'
import { startLoad } from './layout-load.ts'
import { execute, freshName, serverUrl } from '../server.ts'

const open = (schema: string, clock = new ManualClock(START)) =>
  openPostgresStore({ connection: serverUrl(), schema, clock })

/** Of the newest layout so far; where a further one changes what they call, they are changed in its file. */
const { enqueue, claim, complete } = readLayout('postgres', layoutsOf('postgres').at(-1)!)

async function write(): Promise<void> {
  const schema = freshName()
  const store = await open(schema)
  await writeSample(store)
  const records = JSON.stringify(await recordsOf(store))
  await store.close()
  const sql = migrationSql(schema).replaceAll(`"${schema}"`, '{schema}').replaceAll(`'${schema}'`, `'{schema}'`)
  const rows = await dumpRows(schema)
  writeLayout('postgres', migrations.length, { schema: sql, rows, records, enqueue, claim, complete })
}

if (isWriting) test('the layout of this code is written', write)

test('the layout of this code is on file, as are all before', () => {
  const numbers = migrations.map(({ number }) => number)
  expect(layoutsOf('postgres')).toEqual(numbers)
  for (const migration of migrations)
    expect(readLayout('postgres', migrations.length).schema).toContain(checksumOf(migration))
})

test.each(layoutsOf('postgres'))('books of layout %i are upgraded under load, by several at once', async number => {
  const layout = readLayout('postgres', number)
  const schema = freshName()
  await execute((layout.schema + layout.rows).replaceAll('{schema}', schema))
  const load = startLoad(layout, schema)
  await load.round()
  const clock = new ManualClock(START)
  const stores = await Promise.all(Array.from({ length: 4 }, () => open(schema, clock)))
  await load.round()
  const enqueued = await load.end()
  const [store] = stores as [(typeof stores)[0]]
  const states = await inspectPostgres({ connection: serverUrl(), schema })
  expect(states.every(({ appliedAt }) => appliedAt !== undefined)).toBe(true)
  expect(await recordsOf(store)).toMatchObject(JSON.parse(layout.records) as object)
  // Decisions that were made before are counted.
  expect(await store.readTotals()).toEqual([{ kind: 'fire', name: '', outcome: 'fired', n: 1 }])
  const [completed] = await execute(
    `SELECT count(*)::int AS count FROM ${schema}.finished JOIN ${schema}.lane ON lane.id = finished.lane WHERE task = 'load'`
  )
  expect({ enqueued, completed: completed!['count'] }).toEqual({ enqueued, completed: enqueued })
  expect(enqueued).toBeGreaterThan(0)
  clock.set(START + 86_400_000)
  await drain(store)
  expect(await unfinished(store)).toEqual([])
  await Promise.all(stores.map(each => each.close()))
})
