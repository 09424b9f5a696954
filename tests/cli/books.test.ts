import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder, runCli, runJson } from './run-cli.ts'
import { writeBooks } from './written-books.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

interface Verified {
  readonly ok: boolean
  readonly from: string
  readonly to: string
  readonly schedules: readonly Record<string, unknown>[]
}

const inOrder = {
  id: 'daily',
  expected: 11,
  fired: 6,
  coalesced: 2,
  misfired: 0,
  overlapped: 1,
  paused: 2,
  orphaned: 0,
  excluded: 0,
  pending: 0,
  double: 0,
  missing: 0
}

describe('verify', () => {
  test('books in order', async () => {
    const { url, day } = await writeBooks()
    const { status, answer, stderr } = await runJson<Verified>(['verify', '--database', url])
    expect(answer).toEqual({ ok: true, from: iso(day(0) - 1), to: expect.any(String), schedules: [inOrder] })
    expect(Math.abs(Date.parse(answer.to) - Date.now())).toBeLessThan(60_000)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const words = await runCli(['verify', '--database', url])
    expect(words.stdout).toContain('In order: every fire time')
    expect(words.status).toBe(0)
  })

  test('a range', async () => {
    const { url, day } = await writeBooks()
    const range = ['--from', iso(day(1)), '--to', iso(day(4))]
    const { answer } = await runJson<Verified>(['verify', '--database', url, ...range])
    const schedule = { ...inOrder, expected: 4, fired: 2, coalesced: 2, paused: 0, overlapped: 0 }
    expect(answer).toEqual({ ok: true, from: iso(day(1)), to: iso(day(4)), schedules: [schedule] })
    const backwards = await runCli(['verify', '--database', url, '--from', iso(day(4)), '--to', iso(day(1))])
    expect(backwards).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--from is later than --to')
    })
  })

  test('a row that is gone: exit status 1', async () => {
    const { url, day, tamper } = await writeBooks()
    tamper(`DELETE FROM escapement_ledger WHERE fire_at = ${day(8)}`)
    const { status, answer } = await runJson<Verified>(['verify', '--database', url])
    expect(status).toBe(1)
    const notes = [expect.stringContaining(`The fire time ${iso(day(8))}`)]
    expect(answer).toMatchObject({ ok: false, schedules: [{ ...inOrder, fired: 5, missing: 1 }] })
    expect(answer.schedules[0]!['notes']).toEqual(notes)
    const words = await runCli(['verify', '--database', url])
    expect(words.stdout).toContain('1 of 1 schedules have fire times missing, double or decided before they come')
    expect(words.status).toBe(1)
  })

  test('a definition that this release cannot read is not called in order', async () => {
    const { url, tamper } = await writeBooks()
    tamper(`UPDATE escapement_timeline SET definition = replace(definition, '"interval"', '"moon"')`)
    const { status, answer } = await runJson<Verified>(['verify', '--database', url])
    expect({ status, ok: answer.ok }).toEqual({ status: 1, ok: false })
    expect(answer.schedules[0]!['notes']).toEqual([expect.stringContaining('cannot be read by this release')])
  })
})

describe('explain', () => {
  test('every fate, and a sentence', async () => {
    const { url, day } = await writeBooks()
    const explain = (...args: string[]) =>
      runJson<Record<string, unknown>>(['explain', 'daily', ...args, '--database', url])
    const fired = await explain(iso(day(8)))
    expect(fired.status).toBe(0)
    expect(fired.answer).toMatchObject({
      scheduleId: 'daily',
      at: iso(day(8)),
      fate: 'fired',
      sentence: expect.stringContaining('is available'),
      revision: 3,
      previous: iso(day(7)),
      next: iso(day(9)),
      ledger: { outcome: 'fired', count: 1, fireAt: iso(day(8)), nextFireAt: iso(day(9)) }
    })
    expect((await explain(iso(day(2)))).answer).toMatchObject({
      fate: 'coalesced',
      sentence: expect.stringContaining('fired for it')
    })
    expect((await explain(iso(day(6)))).answer).toMatchObject({
      fate: 'paused',
      sentence: expect.stringContaining('was paused, since')
    })
    expect((await explain(iso(day(7)))).answer).toMatchObject({ fate: 'overlapped' })
    expect((await explain(iso(day(8) + 1))).answer).toMatchObject({ fate: 'none', ledger: null })
    expect((await explain(iso(day(11)))).answer).toMatchObject({ fate: 'future' })
    expect((await explain()).answer).toMatchObject({ fate: 'fired', at: iso(day(10)) })
  })

  test('a schedule that is not there: exit status 1; a time that is none: 2', async () => {
    const { url } = await writeBooks()
    expect(await runCli(['explain', 'weekly', '--database', url])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('no schedule with the id "weekly"')
    })
    expect(await runCli(['explain', 'daily', 'noon', '--database', url])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('The time is "noon".')
    })
  })
})

describe('looking', () => {
  test('schedules list and show, and a preview of one', async () => {
    const { url, day } = await writeBooks()
    const list = await runJson<{ schedules: object[] }>(['schedules', 'list', '--database', url])
    expect(list).toMatchObject({ status: 0, stderr: '' })
    expect(list.answer.schedules).toEqual([
      {
        id: 'daily',
        task: 'mail',
        phase: 'active',
        phaseBy: null,
        when: 'every 86400000 ms',
        trigger: { kind: 'interval', everyMs: 86_400_000, start: expect.any(String) },
        nextFireAt: iso(day(11)),
        lastJobCreatedAt: expect.any(String),
        pausedAt: null,
        pauseNote: null,
        liveJobs: 6,
        fires: 6,
        app: 'default',
        owner: 'code',
        release: 0,
        orphanedAt: null
      }
    ])
    const show = await runJson<{ next: object[]; history: object[] }>(['schedules', 'show', 'daily', '--database', url])
    expect(show.answer).toMatchObject(list.answer.schedules[0]!)
    expect(show.answer).toMatchObject({ health: { word: 'late' }, lastFinishedAt: null, lastSuccessAt: null })
    expect(show.answer.next).toHaveLength(5)
    expect(show.answer.history).toMatchObject([{ phase: 'active' }, { phase: 'paused' }, { phase: 'active' }])
    const preview = await runJson<{ fires: { at: string }[] }>(['preview', 'daily', '--count', '1', '--database', url])
    expect(preview.answer.fires.map(({ at }) => at)).toEqual([iso(day(11))])
    expect((await runCli(['schedules', 'show', 'weekly', '--database', url])).status).toBe(1)
    for (const args of [['list'], ['show', 'daily']])
      expect((await runCli(['schedules', ...args, '--database', url])).stdout).toContain('daily')
  })

  test('jobs list and show', async () => {
    const { url, day } = await writeBooks()
    const first = await runJson<{ jobs: { id: string; fireAt: string }[]; cursor: string }>([
      'jobs',
      'list',
      '--limit',
      '4',
      '--database',
      url
    ])
    expect(first.answer.jobs).toMatchObject(
      [10, 9, 8, 4].map(n => ({ state: 'available', task: 'mail', scheduleId: 'daily', fireAt: iso(day(n)) }))
    )
    const second = await runJson<{ jobs: object[]; cursor: null }>([
      'jobs',
      'list',
      '--cursor',
      first.answer.cursor,
      '--database',
      url
    ])
    expect(second.answer).toMatchObject({ jobs: [1, 0].map(n => ({ fireAt: iso(day(n)) })), cursor: null })
    const { id } = first.answer.jobs[0]!
    const show = await runJson<object>(['jobs', 'show', id, '--database', url])
    expect(show).toMatchObject({ status: 0, answer: { id, payload: null, origin: 'fire', errors: [] } })
    expect((await runCli(['jobs', 'list', '--state', 'running', '--database', url])).stdout).toBe(
      'There are no such jobs.\n'
    )
    expect((await runCli(['jobs', 'show', 'no-job', '--database', url])).status).toBe(1)
    expect((await runCli(['jobs', 'list', '--state', 'active', '--database', url])).status).toBe(2)
  })

  test('status', async () => {
    const { url, day } = await writeBooks()
    const { status, answer } = await runJson<object>(['status', '--database', url])
    expect(status).toBe(0)
    expect(answer).toMatchObject({
      database: url,
      nodes: [],
      schedules: { active: 1, paused: 0, ended: 0, orphaned: 0, overdue: 0, nextFireAt: iso(day(11)) },
      queues: [{ queue: 'default', pausedAt: null, counts: { available: 6 } }],
      unknownTasks: [{ task: 'mail', waiting: 6 }]
    })
    expect((await runCli(['status', '--database', url])).stdout).toContain(
      '6 waiting for the task "mail", which no live node knows.'
    )
  })
})

describe('migrate', () => {
  test('lists, applies, and finds it done', async () => {
    const file = join(emptyFolder(), 'new.db')
    const dry = await runJson<object>(['migrate', '--dry-run', '--database', `sqlite:${file}`])
    expect(dry).toMatchObject({
      status: 1,
      answer: { dryRun: true, applied: [], pending: expect.arrayContaining([1]) }
    })
    expect(existsSync(file)).toBe(false)
    const first = await runJson<{ migrations: { appliedAt: string }[] }>(['migrate', '--database', `sqlite:${file}`])
    expect(first).toMatchObject({ status: 0, answer: { applied: expect.arrayContaining([1]), pending: [] } })
    expect(first.answer.migrations.every(({ appliedAt }) => Date.parse(appliedAt) > 0)).toBe(true)
    const again = await runJson<object>(['migrate', '--database', `sqlite:${file}`])
    expect(again).toMatchObject({ status: 0, answer: { applied: [], pending: [] } })
    expect((await runCli(['migrate', '--dry-run', '--database', `sqlite:${file}`])).stdout).toContain('up to date')
  })
})

describe('books that are not there', () => {
  test.each([
    ['status'],
    ['verify'],
    ['schedules', 'list'],
    ['schedules', 'pause', 'x'],
    ['jobs', 'list'],
    ['explain', 'x']
  ])('%s %s', async (...args) => {
    const folder = emptyFolder()
    const { status, stderr, stdout } = await runCli(
      [...args.filter(each => each !== undefined), '--database', 'sqlite:none.db'],
      { cwd: folder }
    )
    expect(stderr).toContain(`There are no books at ${join(folder, 'none.db')}`)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(existsSync(join(folder, 'none.db'))).toBe(false)
  })

  test('books in memory are nobody else’s', async () => {
    expect(await runCli(['status', '--database', 'memory:'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('in memory')
    })
  })

  test('a file that holds no books', async () => {
    const main = join(import.meta.dirname, '../../package.json')
    expect(await runCli(['status', '--database', `sqlite:${main}`])).toMatchObject({ status: 1, stdout: '' })
  })

  test('the environment names them, and what it may not be', async () => {
    const { url } = await writeBooks()
    expect((await runCli(['status'], { env: { DATABASE_URL: url } })).status).toBe(0)
    const other = await runCli(['status'], { env: { DATABASE_URL: 'mysql://ann:secret@db/app' } })
    expect(other).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"mysql:", which this release does not support')
    })
    expect(other.stderr).not.toContain('secret')
  })
})
