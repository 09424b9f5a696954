import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished } from 'vitest'
import { testStopping } from './stopping.ts'

describe('a stop, with books in memory', () => testStopping(async () => 'memory:'))

describe('a stop, with books in a file', () =>
  testStopping(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'escapement-stopping-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    return `sqlite:${join(folder, 'books.db')}`
  }))
