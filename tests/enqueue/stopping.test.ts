import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'
import { openDriver } from '../../src/stores/sqlite/connection/driver.ts'
import { testStopping } from './stopping.ts'
import { removeFolder } from '../remove-folder.ts'

describe('a stop, with books in memory', () => testStopping(async () => 'memory:'))

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-stopping-'))
  onTestFinished(() => removeFolder(folder))
  return join(folder, 'books.db')
}

describe('a stop, with books in a file', () => testStopping(async () => `sqlite:${freshFile()}`))

test.each([
  ['are written when it is let go', 10_000, 'fulfilled'],
  ['are refused as stopped when it is not', 10, 'rejected']
])('200 calls that wait for a lock of others %s', async (_, graceMs, status) => {
  const file = freshFile()
  const load = task('load', { handler: () => undefined })
  const app = createEscapement({ database: `sqlite:${file}`, tasks: [load], logger: false })
  onTestFinished(() => app.stop())
  await app.enqueue(load, null)
  const other = openDriver(file)
  onTestFinished(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const calls = Promise.allSettled(Array.from({ length: 200 }, (_value, number) => app.enqueue(load, number)))
  const stopping = app.stop({ graceMs })
  await new Promise(resolve => setImmediate(resolve))
  if (status === 'fulfilled') other.exec('COMMIT')
  await stopping
  for (const answer of await calls)
    expect(answer).toMatchObject(status === 'fulfilled' ? { status } : { status, reason: { code: 'stopped' } })
})
