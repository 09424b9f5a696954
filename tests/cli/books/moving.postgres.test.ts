import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { claimOne, completed, failed, newJobs } from '../../conformance/fixtures.ts'
import { freshDatabase } from '../../stores/postgres/server.ts'
import { emptyFolder, runCli } from '../run-cli.ts'
import { writeBooks } from '../written-books.ts'

interface Line {
  readonly kind: string
  readonly record?: {
    readonly id?: string
    readonly fireAt?: number
    readonly revision?: number
    readonly lastFence?: number
  }
}

/** The lines of an export but its head, its end, and the entry of an import in the audit. The stores have each an order of their own, and so do the keys of their records. */
const linesIn = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .filter(line => !line.includes('"books.import"') && !line.startsWith('{"end"'))
    .map(line => JSON.parse(line) as Line)
    .toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)))

const keyOf = ({ kind, record }: Line): string => `${kind} ${record?.id} ${record?.fireAt} ${record?.revision}`

test('books go from SQLite to PostgreSQL, and lose nothing on the way', async () => {
  const { file, url: from } = await writeBooks()
  const store = await openSqliteStore({ file, clock: systemClock })
  await store.enqueue(newJobs(600))
  await store.settle([completed(await claimOne(store), '{"ships":3}')])
  const attempt = await claimOne(store)
  await store.saveStep(attempt, { name: 'scrape', result: '"ü ☃"' })
  await store.settle([failed(attempt, Date.now() + 3_600_000)])
  await store.close()
  const database = await freshDatabase()
  const [before, after] = ['before', 'after'].map(name => join(emptyFolder(), `${name}.jsonl`))
  await runCli(['export', '--database', from, '--file', before!])
  expect(await runCli(['import', '--database', database, '--file', before!])).toMatchObject({ status: 0, stderr: '' })
  await runCli(['export', '--database', database, '--file', after!])
  const [was, is] = [linesIn(before!), linesIn(after!)]
  // Fences grow on, but each store numbers them in its own way.
  const lastFence = expect.toSatisfy((fence: number) => fence >= was[0]!.record!.lastFence!) as number
  expect(is).toEqual([{ ...was[0]!, record: { ...was[0]!.record, lastFence } }, ...was.slice(1)])
  expect((await runCli(['verify', '--database', database])).stdout).toContain('In order: every fire time')
})
