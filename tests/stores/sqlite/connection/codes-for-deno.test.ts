import { mkdtempSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addCode, openWithCodes } from '../../../../src/stores/sqlite/connection/codes-for-deno.ts'
import { removeFolder } from '../../../remove-folder.ts'

function freshFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-codes-'))
  onTestFinished(() => removeFolder(folder))
  return join(folder, name)
}

/** The error of a step as Node has it, and the same one as Deno has it. */
function errorsOf(step: () => unknown): { node: Error; deno: Error } {
  try {
    step()
  } catch (thrown) {
    const node = thrown as Error & { code: string }
    return { node, deno: Object.assign(new Error(node.message), { code: node.code }) }
  }
  throw new Error('nothing was thrown')
}

/** Each fault that these tests can bring about. */
const faults: readonly [string, () => unknown][] = [
  [
    'locked',
    () => {
      const file = freshFile('a.db')
      const [one, other] = [new DatabaseSync(file, { timeout: 0 }), new DatabaseSync(file, { timeout: 0 })]
      onTestFinished(() => (one.close(), other.close()))
      one.exec('BEGIN IMMEDIATE')
      other.exec('BEGIN IMMEDIATE')
    }
  ],
  ['not openable', () => new DatabaseSync(join(freshFile('none'), 'a.db'))],
  [
    'no database',
    () => {
      const file = freshFile('a.db')
      writeFileSync(file, 'words '.repeat(1_000))
      const database = new DatabaseSync(file)
      onTestFinished(() => database.close())
      database.exec('SELECT * FROM sqlite_schema')
    }
  ],
  [
    'read-only',
    () => {
      const file = freshFile('a.db')
      new DatabaseSync(file).close()
      const database = new DatabaseSync(file, { readOnly: true })
      onTestFinished(() => database.close())
      database.exec('CREATE TABLE ship (id)')
    }
  ]
]

test.each(faults)('%s: the words give the code that Node gives', (_, step) => {
  const { node, deno } = errorsOf(step)
  expect(deno).not.toHaveProperty('errcode')
  expect(addCode(deno)).toMatchObject({ errcode: (node as Error & { errcode: number }).errcode & 0xff })
})

test('other errors stay as they are', () => {
  const { deno } = errorsOf(() => new DatabaseSync(':memory:').exec('SELECT * FROM nothing'))
  expect(addCode(deno)).not.toHaveProperty('errcode')
  expect(addCode('database is locked')).toBe('database is locked')
  expect(addCode(new Error('database is locked'))).not.toHaveProperty('errcode')
})

test('a database is opened, and works', () => {
  const database = openWithCodes(() => new DatabaseSync(':memory:'))
  onTestFinished(() => database.close())
  database.exec('CREATE TABLE ship (id)')
  expect(() => database.exec('CREATE TABLE ship (id)')).toThrow('already exists')
})
