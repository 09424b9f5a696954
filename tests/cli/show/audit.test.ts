import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { systemClock } from '../../../src/clock/system.ts'
import { newJob } from '../../conformance/fixtures.ts'
import { emptyFolder, runCli, runJson } from '../run-cli.ts'
import { writeBooks } from '../written-books.ts'

interface Entry {
  readonly at: string
  readonly actor: string
  readonly via: string
  readonly action: string
  readonly targetId: string
  readonly before: object | null
  readonly after: object | null
  readonly reason: string | null
}
interface Listed {
  readonly entries: readonly Entry[]
  readonly cursor: string | null
}

const env = { USER: 'anna' }

async function setUp() {
  const { url, file } = await writeBooks()
  const books = ['--database', url]
  const run = (args: readonly string[]) => runCli([...args, ...books], { env })
  const list = async (args: readonly string[] = []) =>
    (await runJson<Listed>(['audit', 'list', ...args, ...books])).answer
  return { run, list, file, books }
}

describe('escapement audit', () => {
  test('lists what the command line changed, by whom and why', async () => {
    const { run, list } = await setUp()
    const said = await run(['schedules', 'pause', 'daily', '--note', 'fog', '--reason', 'no pilot'])
    expect(said).toMatchObject({ status: 0, stderr: '' })
    await run(['schedules', 'resume', 'daily'])
    await run(['schedules', 'remove', 'daily', '--for-good', '--reason', 'replaced'])
    const { entries, cursor } = await list()
    expect(cursor).toBeNull()
    expect(entries).toMatchObject([
      { action: 'schedule.remove', reason: 'replaced', after: { phase: 'removed', phaseBy: 'for-good' } },
      { action: 'schedule.resume', reason: null },
      { action: 'schedule.pause', reason: 'no pilot', before: { phase: 'active' }, after: { pauseNote: 'fog' } }
    ])
    for (const { actor, via, targetId } of entries)
      expect([actor, via, targetId]).toEqual([`anna@${hostname()}`, 'cli', 'daily'])
    expect(Math.abs(Date.parse(entries[0]!.at) - Date.now())).toBeLessThan(600_000)
    const { stdout } = await run(['audit', 'list'])
    expect(stdout).toContain(`anna@${hostname()}`)
    expect(stdout).toContain('no pilot')
  })

  test('filters and pages', async () => {
    const { run, list } = await setUp()
    for (const verb of ['pause', 'resume', 'pause']) await run(['schedules', verb, 'daily'])
    expect((await list(['--action', 'schedule.resume'])).entries).toHaveLength(1)
    expect((await list(['--kind', 'job'])).entries).toEqual([])
    expect((await list(['--target', 'daily', '--until', '2020-01-01'])).entries).toEqual([])
    const first = await list(['--from', '2020-01-01', '--limit', '2'])
    expect(first.entries).toHaveLength(2)
    const second = await list(['--limit', '2', '--cursor', first.cursor!])
    expect(second).toMatchObject({ entries: [{ action: 'schedule.pause' }], cursor: null })
    expect(await run(['audit', 'list', '--action', 'schedule.stop'])).toMatchObject({ status: 2 })
  })

  test('exports all of it as lines of JSON, once into a file', async () => {
    const { run } = await setUp()
    for (const verb of ['pause', 'resume']) await run(['schedules', verb, 'daily'])
    const { stdout, status } = await run(['audit', 'export'])
    const lines = stdout.trim().split('\n')
    expect(status).toBe(0)
    expect(lines.map(line => (JSON.parse(line) as Entry).action)).toEqual(['schedule.resume', 'schedule.pause'])
    const file = join(emptyFolder(), 'audit.jsonl')
    expect(await run(['audit', 'export', '--file', file])).toMatchObject({ status: 0 })
    expect(readFileSync(file, 'utf8')).toBe(stdout)
    expect(await run(['audit', 'export', '--file', file])).toMatchObject({ status: 2 })
  })

  test('has the jobs that were cancelled, retried, deleted and enqueued', async () => {
    const { run, list, file } = await setUp()
    const store = await openSqliteStore({ file, clock: systemClock })
    const { id } = newJob()
    await store.enqueue([newJob({ task: 'mail', runAt: Date.now() + 3_600_000 })])
    await store.close()
    for (const verb of ['cancel', 'retry', 'cancel', 'delete'])
      expect(await run(['jobs', verb, id, '--reason', `it was a ${verb}`])).toMatchObject({ status: 0 })
    const { entries } = await list(['--kind', 'job'])
    expect(entries.map(({ action }) => action)).toEqual(['job.delete', 'job.cancel', 'job.retry', 'job.cancel'])
    expect(entries[0]).toMatchObject({ reason: 'it was a delete', before: { task: 'mail', state: 'cancelled' } })
    expect(await run(['jobs', 'cancel', id, '--reason', 'two\nlines'])).toMatchObject({ status: 2 })
    expect((await list(['--kind', 'job'])).entries).toHaveLength(4)
  })

  test('moves with the books, and has who imported them', async () => {
    const { run, books } = await setUp()
    await run(['schedules', 'pause', 'daily', '--reason', 'storm'])
    const folder = emptyFolder()
    const exported = join(folder, 'books.jsonl')
    expect(await run(['export', '--file', exported])).toMatchObject({ status: 0 })
    expect(books).toHaveLength(2)
    const other = ['--database', `sqlite:${join(folder, 'other.db')}`]
    const taken = ['import', '--file', exported, '--reason', 'new host', ...other]
    for (let times = 0; times < 2; times++) expect(await runCli(taken, { env })).toMatchObject({ status: 0 })
    const { answer } = await runJson<Listed>(['audit', 'list', ...other])
    expect(answer.entries).toMatchObject([
      { action: 'books.import', reason: 'new host' },
      { action: 'schedule.pause', reason: 'storm' }
    ])
  })

  test('names the person of a job that the command line enqueues', async () => {
    const folder = emptyFolder()
    const src = join(import.meta.dirname, '../../../src/index.ts')
    writeFileSync(
      join(folder, 'escapement.config.mjs'),
      `import { task } from '${src}'\nexport default { database: 'sqlite:app.db', logger: false, tasks: [task('mail', { handler: () => undefined })] }\n`
    )
    const payload = '{"iban":"DE02120300000000202051"}'
    const args = ['enqueue', 'mail', payload, '--reason', 'by hand']
    expect(await runCli(args, { cwd: folder, env })).toMatchObject({ status: 0 })
    const { stdout } = await runCli(['audit', 'list', '--json'], { cwd: folder })
    expect((JSON.parse(stdout) as Listed).entries).toMatchObject([
      { action: 'job.enqueue', actor: `anna@${hostname()}`, reason: 'by hand', after: { task: 'mail' } }
    ])
    expect(stdout).not.toContain('DE02')
  })
})
