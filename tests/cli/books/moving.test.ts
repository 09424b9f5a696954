import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { newJobs, nodeRecord } from '../../conformance/fixtures.ts'
import { emptyFolder, runCli, runJson } from '../run-cli.ts'
import { writeBooks } from '../written-books.ts'

test('books are exported and imported, after a break the rest, and nowhere else', { timeout: 600_000 }, async () => {
  const { file, url: from } = await writeBooks()
  const store = await openSqliteStore({ file, clock: systemClock })
  await store.enqueue(newJobs(1_300))
  const folder = emptyFolder()
  const [path, half, to] = ['books.jsonl', 'half.jsonl', 'target.db'].map(name => join(folder, name))
  const exported = await runCli(['export', '--database', from, '--file', path!])
  expect(exported).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1 schedules, 9 ledger rows, 1306 jobs')
  })
  writeFileSync(half!, readFileSync(path!, 'utf8').split('\n').slice(0, 1_100).join('\n'))
  const importing = ['import', '--database', `sqlite:${to}`, '--file']
  const broken = await runCli([...importing, half!])
  expect(broken).toMatchObject({ status: 2, stderr: expect.stringContaining('cut off after 1099 records') })
  const whole = await runJson<object>([...importing, path!])
  expect(whole).toMatchObject({ status: 0, answer: { imported: { job: 1_306, schedule: 1, ledger: 9 } } })
  const again = await runCli(['export', '--database', `sqlite:${to}`])
  // The import itself is in the audit, and nothing else has come to it.
  const lines = again.stdout.split('\n')
  expect(lines.filter(line => line.includes('"books.import"'))).toHaveLength(1)
  expect(lines).toContain('{"end":1321}')
  const recordsIn = (text: string): string[] =>
    text
      .split('\n')
      .slice(1)
      .filter(line => !line.includes('"books.import"') && !line.startsWith('{"end"'))
      .toSorted()
  expect(recordsIn(again.stdout)).toEqual(recordsIn(readFileSync(path!, 'utf8')))

  const intoOthers = await runCli(['import', '--database', from, '--file', path!])
  expect(intoOthers).toMatchObject({ status: 2, stderr: expect.stringContaining('not empty') })
  const over = await runCli(['export', '--database', from, '--file', path!])
  expect(over).toMatchObject({ status: 2, stderr: expect.stringContaining('exists already') })
  await store.join(nodeRecord())
  await store.close()
  const torn = await runCli(['export', '--database', from])
  expect(torn).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('harbour:4711') })
})
