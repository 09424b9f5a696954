import { afterEach, beforeEach, expect, test } from 'vitest'

import { Access } from '../../../../src/stores/sqlite/connection/access.ts'
import { Connection } from '../../../../src/stores/sqlite/connection/connection.ts'
import { openDriver } from '../../../../src/stores/sqlite/connection/driver.ts'
import { Names } from '../../../../src/stores/sqlite/jobs/names.ts'
import { ManualClock } from '../../../../src/testing/manual-clock.ts'
import { freshFile } from '../folder.ts'

let access: Access
let other: ReturnType<typeof openDriver>

beforeEach(() => {
  const file = freshFile()
  const clock = new ManualClock()
  const connection = new Connection(file)
  connection.configure('normal')
  connection.exec(
    'CREATE TABLE note (text TEXT); CREATE TABLE escapement_name (id INTEGER PRIMARY KEY, text TEXT UNIQUE)'
  )
  const books = { connection, names: new Names(connection), now: () => clock.now(), monotonic: () => clock.monotonic() }
  access = new Access(books, { clock, random: () => 0.5, operationTimeoutMs: 100, file })
  other = openDriver(file)
})

afterEach(() => {
  other.close()
  access.close()
})

const countNotes = (): unknown => access.books.connection.prepare('SELECT count(*) FROM note').get()?.[0]

test('a snapshot sees one state, though another connection writes meanwhile', async () => {
  const seen = await access.readSnapshot(() => {
    const before = countNotes()
    other.exec("INSERT INTO note VALUES ('ship')")
    return [before, countNotes()]
  })
  expect(seen).toEqual([0, 0])
  expect(await access.read(countNotes)).toBe(1)
})

test('a step that fails ends its snapshot', async () => {
  await expect(access.readSnapshot(() => access.books.connection.prepare('SELECT * FROM nowhere'))).rejects.toThrow(
    'nowhere'
  )
  expect(
    await access.write(() => access.books.connection.prepare("INSERT INTO note VALUES ('ship')").run())
  ).toMatchObject({ changes: 1 })
})

test('a write that is not needed takes no lock', async () => {
  other.exec('BEGIN IMMEDIATE')
  const answer = await access.writeIfNeeded(
    () => 'nothing to do',
    () => 'written'
  )
  expect(answer).toBe('nothing to do')
  other.exec('ROLLBACK')
  expect(
    await access.writeIfNeeded(
      () => undefined,
      () => 'written'
    )
  ).toBe('written')
})

test.each([
  ['normal', 1],
  ['full', 2]
] as const)('commits are as durable as was asked for: %s', (synchronous, level) => {
  const connection = new Connection(freshFile())
  connection.configure(synchronous)
  expect(connection.prepare('PRAGMA synchronous').get()).toEqual([level])
  connection.close()
})

test('a name whose number was rolled back is given another', async () => {
  const { names, connection } = access.books
  const fault = access.write(() => {
    names.numberOf('report')
    throw new Error('fog')
  })
  await expect(fault).rejects.toThrow('fog')
  other.exec("INSERT INTO escapement_name (text) VALUES ('invoice')")
  const number = await access.write(() => names.numberOf('report'))
  expect(connection.prepare('SELECT text FROM escapement_name WHERE id = ?').get(number)).toEqual(['report'])
})

test('a batch in parts is answered in its order', async () => {
  const sizes: number[] = []
  const answers = await access.writeEach([1, 2, 3, 4, 5], 2, (_, part) => {
    sizes.push(part.length)
    return part.map(item => item * 10)
  })
  expect(answers).toEqual([10, 20, 30, 40, 50])
  expect(sizes).toEqual([2, 2, 1])
  expect(await access.writeEach([], 2, () => [])).toEqual([])
})
