import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished } from 'vitest'
import { testMany } from './many.ts'
import { removeFolder } from '../remove-folder.ts'

describe('many jobs at once, in memory', () => testMany(async () => 'memory:', 2_500))

describe('many jobs at once, in a file', () =>
  testMany(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'escapement-many-'))
    onTestFinished(() => removeFolder(folder))
    return `sqlite:${join(folder, 'books.db')}`
  }, 2_500))
