import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { testRefusedReports } from './refused-report.ts'

testRefusedReports(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-refused-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'books.db')}`
})
