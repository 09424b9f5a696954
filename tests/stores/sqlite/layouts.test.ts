import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system.ts'
import { inspectSqliteFile, openSqliteStore } from '../../../src/sqlite.ts'
import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { migrations } from '../../../src/stores/sqlite/migrations/all.ts'
import { checksumOf } from '../../../src/stores/sql/migration.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { START } from '../../conformance/suite.ts'
import { isWriting, layoutsOf, readLayout, writeLayout } from '../layouts/layout-file.ts'
import { drain, recordsOf, unfinished, writeSample } from '../layouts/sample-books.ts'
import { freshFile } from './folder.ts'
import { assertConsistent } from './places.ts'

const loads: ChildProcess[] = []
afterEach(() => {
  for (const load of loads.splice(0)) load.kill('SIGKILL')
})

/** Of the newest layout so far; where a further one changes what they write, they are changed in its file. */
const { enqueue, claim, complete } = readLayout('sqlite', layoutsOf('sqlite').at(-1)!)

async function write(): Promise<void> {
  const file = freshFile()
  const store = await openSqliteStore({ file, clock: new ManualClock(START) })
  await writeSample(store)
  const records = JSON.stringify(await recordsOf(store))
  await store.close()
  writeLayout('sqlite', migrations.length, { ...dumpFile(file), records, enqueue, claim, complete })
}

function dumpFile(file: string): { schema: string; rows: string } {
  const database = openDriver(file)
  const read = (sql: string): string[] =>
    database
      .prepare(sql)
      .all()
      .map(({ text }) => String(text))
  const schema = read("SELECT sql || ';' AS text FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
  const rows = read("SELECT name AS text FROM sqlite_schema WHERE type = 'table' ORDER BY name").flatMap(table => {
    const columns = read(`SELECT name AS text FROM pragma_table_info('${table}')`)
    const literals = columns.map(column => `quote(${column})`).join(" || ', ' || ")
    const values = read(`SELECT '  (' || ${literals} || ')' AS text FROM ${table}`)
    return values.length === 0 ? [] : [`INSERT INTO ${table} (${columns.join(', ')}) VALUES\n${values.join(',\n')};`]
  })
  database.close()
  return { schema: schema.join('\n'), rows: rows.join('\n') }
}

if (isWriting) test('the layout of this code is written', write)

test('the layout of this code is on file, as are all before', () => {
  expect(layoutsOf('sqlite')).toEqual(migrations.map(({ number }) => number))
  for (const migration of migrations)
    expect(readLayout('sqlite', migrations.length).rows).toContain(checksumOf(migration))
})

test.each(layoutsOf('sqlite'))('books of layout %i are upgraded under load, by several at once', async number => {
  const layout = readLayout('sqlite', number)
  const file = freshFile()
  const database = openDriver(file)
  database.exec(`PRAGMA journal_mode = WAL;\n${layout.schema}\n${layout.rows}`)
  database.close()
  const load = fork(new URL('layout-load.ts', import.meta.url).pathname, [file, String(number)], { execArgv: [] })
  loads.push(load)
  const counted = lastMessageOf(load)
  const failed = once(load, 'exit').then(([code]) => Promise.reject(new Error(`the load ended with ${String(code)}`)))
  failed.catch(() => undefined)
  await Promise.race([once(load, 'message'), failed])
  // Only its time is moved by hand: whoever finds the file locked by the other process has to wait in truth.
  let now = START
  const clock = { ...systemClock, now: () => now }
  const stores = await Promise.all(Array.from({ length: 3 }, () => openSqliteStore({ file, clock })))
  await Promise.race([once(load, 'message'), failed])
  load.send('end')
  const jobs = await Promise.race([counted, failed])
  const [store] = stores as [(typeof stores)[0]]
  const states = await inspectSqliteFile({ file, clock })
  expect(states.every(({ appliedAt }) => appliedAt !== undefined)).toBe(true)
  expect(await recordsOf(store)).toMatchObject(JSON.parse(layout.records) as object)
  // Decisions that were made before are counted.
  expect(await store.readTotals()).toEqual([{ kind: 'fire', name: '', outcome: 'fired', n: 1 }])
  expect(completedLoad(file)).toBe(jobs)
  assertConsistent(file)
  now = START + 86_400_000
  await drain(store)
  expect(await unfinished(store)).toEqual([])
  await Promise.all(stores.map(each => each.close()))
})

/** It tells of each job, and at last how many they were. Heard from the start: two messages may come at once. */
function lastMessageOf(load: ChildProcess): Promise<number> {
  return new Promise(resolve =>
    load.on('message', message => {
      if (typeof message === 'number') resolve(message)
    })
  )
}

function completedLoad(file: string): number {
  const database = openDriver(file)
  const sql = `SELECT count(*) AS count FROM escapement_finished JOIN escapement_name AS name ON name.id = task WHERE text = 'load'`
  const { count } = database.prepare(sql).get() as { count: number }
  database.close()
  return count
}
