import { describe, expect, test } from 'vitest'
import { runCli, runJson } from '../run-cli.ts'

interface Fire {
  readonly at: string
  readonly local: string
  readonly offset: string
  readonly transition: string | null
}

const newYork = ['--timezone', 'America/New_York', '--count', '3']
const inMarch = ['preview', '--cron', '30 2 * * *', ...newYork, '--from', '2026-03-07T00:00:00Z']
const inNovember = ['preview', '--cron', '30 1 * * *', ...newYork, '--from', '2026-11-01T00:00:00Z']

const day7: Fire = { at: '2026-03-07T07:30:00.000Z', local: '2026-03-07T02:30:00', offset: '-05:00', transition: null }
const day9: Fire = { at: '2026-03-09T06:30:00.000Z', local: '2026-03-09T02:30:00', offset: '-04:00', transition: null }
const day10: Fire = { at: '2026-03-10T06:30:00.000Z', local: '2026-03-10T02:30:00', offset: '-04:00', transition: null }
const atTransition: Fire = {
  at: '2026-03-08T07:00:00.000Z',
  local: '2026-03-08T03:00:00',
  offset: '-04:00',
  transition: 'gap'
}
const shifted: Fire = {
  at: '2026-03-08T07:30:00.000Z',
  local: '2026-03-08T03:30:00',
  offset: '-04:00',
  transition: 'gap'
}
const firstPass: Fire = {
  at: '2026-11-01T05:30:00.000Z',
  local: '2026-11-01T01:30:00',
  offset: '-04:00',
  transition: 'overlap'
}
const secondPass: Fire = {
  at: '2026-11-01T06:30:00.000Z',
  local: '2026-11-01T01:30:00',
  offset: '-05:00',
  transition: 'overlap'
}
const day2: Fire = { at: '2026-11-02T06:30:00.000Z', local: '2026-11-02T01:30:00', offset: '-05:00', transition: null }
const day3: Fire = { at: '2026-11-03T06:30:00.000Z', local: '2026-11-03T01:30:00', offset: '-05:00', transition: null }

describe('local times that the clocks skip or show twice', () => {
  test.each<[string[], Fire[]]>([
    [inMarch, [day7, atTransition, day9]],
    [
      [...inMarch, '--dst-gap', 'transition'],
      [day7, atTransition, day9]
    ],
    [
      [...inMarch, '--dst-gap', 'skip'],
      [day7, day9, day10]
    ],
    [
      [...inMarch, '--dst-gap', 'shift'],
      [day7, shifted, day9]
    ],
    [inNovember, [firstPass, day2, day3]],
    [
      [...inNovember, '--dst-overlap', 'first'],
      [firstPass, day2, day3]
    ],
    [
      [...inNovember, '--dst-overlap', 'last'],
      [secondPass, day2, day3]
    ],
    [
      [...inNovember, '--dst-overlap', 'both'],
      [firstPass, secondPass, day2]
    ]
  ])('%j', async (args, fires) => {
    expect(await runJson(args)).toEqual({ status: 0, stderr: '', answer: { fires } })
  })
})

describe('other triggers', () => {
  const from = ['--from', '2026-02-01T00:00:00Z', '--count', '2']
  test.each<[string, string[], string[]]>([
    ['every', ['--every', '90m'], ['2026-02-01T00:00:00.000Z', '2026-02-01T01:30:00.000Z']],
    [
      'every, anchored',
      ['--every', '1h', '--start', '2026-01-01T00:20:00Z'],
      ['2026-02-01T00:20:00.000Z', '2026-02-01T01:20:00.000Z']
    ],
    ['every, with an end', ['--every', '1h', '--end', '2026-02-01T00:00:00Z'], ['2026-02-01T00:00:00.000Z']],
    ['at', ['--at', '2026-05-01T09:00:00+02:00'], ['2026-05-01T07:00:00.000Z']],
    ['an instant that is gone', ['--at', '2026-01-01T00:00:00Z'], []],
    ['day of month or of week', ['--cron', '0 0 13 * fri'], ['2026-02-06T00:00:00.000Z', '2026-02-13T00:00:00.000Z']],
    [
      'day of month and of week',
      ['--cron', '0 0 13 * fri', '--days', 'and'],
      ['2026-02-13T00:00:00.000Z', '2026-03-13T00:00:00.000Z']
    ],
    [
      'JSON',
      ['--trigger', '{"kind":"calendar-interval","months":1,"start":"2026-01-31","time":"09:00"}'],
      ['2026-02-28T09:00:00.000Z', '2026-03-31T09:00:00.000Z']
    ]
  ])('%s', async (_what, args, expected) => {
    const { answer, status } = await runJson<{ fires: Fire[] }>(['preview', ...args, ...from])
    expect(answer.fires.map(({ at }) => at)).toEqual(expected)
    expect(status).toBe(0)
  })

  test('local times of a part of several triggers, and of a spread one', async () => {
    const cron = { kind: 'cron', expression: '30 2 * * *', timezone: 'America/New_York', dst: {}, days: 'or' }
    const anyOf = JSON.stringify({ kind: 'anyOf', triggers: [cron, { kind: 'date', at: '2026-03-08T12:00:00Z' }] })
    const march = ['--from', '2026-03-08T00:00:00Z', '--count', '2']
    const either = await runJson<{ fires: Fire[] }>(['preview', '--trigger', anyOf, ...march])
    expect(either.answer.fires).toEqual([
      atTransition,
      { at: '2026-03-08T12:00:00.000Z', local: '2026-03-08T12:00:00', offset: '+00:00', transition: null }
    ])
    const spread = JSON.stringify({ kind: 'spread', trigger: cron, scheduleId: 's', windowMs: 1 })
    const later = await runJson<{ fires: Fire[] }>(['preview', '--trigger', spread, ...march])
    expect(later.answer.fires[0]).toEqual({ ...atTransition, transition: null })
  })
})

test('for people: local and UTC, and nothing that only a terminal understands', async () => {
  const { stdout, stderr, status } = await runCli(inMarch)
  expect(stdout.split('\n')).toEqual([
    'local                offset  UTC                       transition',
    '2026-03-07 02:30:00  -05:00  2026-03-07T07:30:00.000Z',
    '2026-03-08 03:00:00  -04:00  2026-03-08T07:00:00.000Z  gap',
    '2026-03-09 02:30:00  -04:00  2026-03-09T06:30:00.000Z',
    ''
  ])
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})

describe('wrong use: exit status 2', () => {
  test.each<[string[], string]>([
    [['--cron', '61 * * * *'], 'the minute field (1 of 5) got "61"'],
    [['--cron', '0 0 30 2 *'], 'never'],
    [['--cron', '* * * * *', '--timezone', 'Mars/Base'], 'Mars/Base'],
    [['--cron', '* * * * *', '--count', '0'], 'It takes a whole number from 1 to 1000.'],
    [['--cron', '* * * * *', '--from', 'tomorrow'], 'It takes "now" or an ISO 8601 instant'],
    [['--cron', '* * * * *', '--dst-gap', 'jump'], 'Allowed choices are transition, skip, shift.'],
    [['--every', 'soon'], 'It takes a duration'],
    [['--every', '1h', '--dst-gap', 'skip'], '--dst-gap, --dst-overlap and --days are for --cron.'],
    [['--every', '1h', '--cron', '* * * * *'], 'preview takes one of'],
    [['--trigger', '{'], 'It takes JSON'],
    [['--trigger', '{"kind":"moon"}'], 'kind is one of'],
    [[], 'preview takes one of'],
    [['--evry', '1h'], "unknown option '--evry'"]
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await runCli(['preview', ...args])
    expect(stderr).toContain(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })

  test('with --json the error is the answer, and told on standard error too', async () => {
    const { status, answer, stderr } = await runJson(['preview', '--cron', '61 * * * *'])
    expect(status).toBe(2)
    expect(answer).toEqual({ error: { code: 'cron-invalid', message: expect.stringContaining('got "61"') } })
    expect(stderr).toContain('got "61"')
  })
})

describe('a date alone is its first instant', () => {
  test.each([
    [[], '2026-03-08T00:00:00.000Z'],
    [['--timezone', 'America/New_York'], '2026-03-08T05:00:00.000Z']
  ])('--from 2026-03-08 %j', async (zone, at) => {
    const args = ['preview', '--every', '1h', ...zone, '--from', '2026-03-08', '--count', '1']
    expect(await runJson(args)).toMatchObject({ status: 0, answer: { fires: [{ at }] } })
  })
})

test('what will never fire again, and what may be meant otherwise', async () => {
  const never = await runCli(['preview', '--cron', '0 0 0 1 1 ? 2015'])
  expect(never.stdout).toContain('There are no more fire times. The last one was 2015-01-01T00:00:00.000Z')
  const doubted = await runCli(['preview', '--cron', '0 0 9 ? * 2-6', '--from', '2026-01-01', '--count', '1'])
  expect(doubted.stderr).toContain('note: In "0 0 9 ? * 2-6" the days of the week are "2-6", and here 1 is Monday')
  const quartz = ['preview', '--cron', '0 0 9 ? * 2', '--dialect', 'quartz', '--from', '2026-01-01', '--count', '1']
  expect((await runCli(quartz)).stdout).toContain('2026-01-05 09:00:00')
})

test('an argument that is not taken is answered with its cure', async () => {
  expect((await runCli(['preview', '--every', '5 minutes'])).stderr).toContain('Write "5m".')
  expect((await runCli(['preview', '--every', '1h', '--from', '2026-03-08T09:00'])).stderr).toContain(
    '2026-03-08T09:00Z'
  )
  expect((await runCli(['preview', '--cron', '@every 5m'])).stderr).toContain('Write every("5m").')
})
