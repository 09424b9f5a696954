import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { testRefusedReports } from './refused-report.ts'
import { removeFolder } from '../../remove-folder.ts'

testRefusedReports(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-refused-'))
  onTestFinished(() => removeFolder(folder))
  return `sqlite:${join(folder, 'books.db')}`
})
