import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LedgerRow } from '../../../src/core/schedule/ledger.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { ledgerOutcomes } from '../../../src/core/schedule/ledger.ts'
import type { ScheduleVerification } from '../../../src/core/verify/verify-counts.ts'
import { isSound } from '../../../src/core/verify/verify-counts.ts'
import { ScheduleHistory, START } from '../schedule/schedule-history.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
const inParis = { trigger: cron('*/30 * * * *', { timezone: 'Europe/Paris' }).toJSON() }

function expectSound(verification: ScheduleVerification): void {
  expect(verification).toMatchObject({ double: 0, missing: 0 })
  const accounted = ledgerOutcomes.reduce((sum, outcome) => sum + verification[outcome], 0) + verification.pending
  expect(verification.expected).toBe(accounted)
}

describe('books that are in order', () => {
  test('each fire time fired', () => {
    const history = new ScheduleHistory()
    for (let minute = 0; minute < 60; minute++) history.after(MINUTE)
    const verification = history.verify()
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 60, fired: 60, notes: [] })
  })

  test('each fate is counted', () => {
    const history = new ScheduleHistory({ misfireGraceMs: 10 * MINUTE })
    history
      .after(MINUTE)
      .after(5 * MINUTE)
      .after(MINUTE, 1)
      .after(HOUR)
      .pause()
      .wait(30 * MINUTE)
      .edit({ misfireGraceMs: 1 })
      .wait(HOUR)
      .resume()
      .after(MINUTE)
    const verification = history.verify()
    expectSound(verification)
    expect(verification).toMatchObject({
      expected: 158,
      fired: 4,
      coalesced: 14,
      misfired: 49,
      overlapped: 1,
      paused: 90,
      notes: []
    })
  })

  test('a month of pause of a one-second schedule is one row, and counted', () => {
    const history = new ScheduleHistory({ trigger: every('1s').toJSON() })
    history
      .after(1000)
      .pause()
      .wait(30 * DAY)
      .resume()
      .after(1000)
    expect(history.ledger).toHaveLength(3)
    const verification = history.verify()
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 30 * 86_400 + 2, paused: 30 * 86_400, fired: 2 })
  })

  test('the present pause is counted before its row is written', () => {
    const verification = new ScheduleHistory().after(MINUTE).pause().wait(HOUR).verify()
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 61, fired: 1, paused: 60, pending: 0 })
    expect(verification.notes).toEqual([expect.stringContaining('60 of the paused are of the present pause')])
  })

  test('what is due for less than 5 s is pending', () => {
    const history = new ScheduleHistory({ trigger: every('1s').toJSON() }).after(1000).wait(5_000)
    const verification = history.verify()
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 6, fired: 1, pending: 5 })
    expect(history.wait(1).verify()).toMatchObject({ pending: 5, missing: 0 })
    expect(history.wait(1000).verify()).toMatchObject({ pending: 5, missing: 1 })
  })

  test('nothing is expected of a schedule that has ended or was removed, before it is revived', () => {
    const history = new ScheduleHistory({ maxFires: 2 }).after(MINUTE).after(MINUTE).wait(HOUR)
    expect(history.state.phase).toBe('ended')
    expect(history.verify()).toMatchObject({ expected: 2, fired: 2, missing: 0, notes: [] })
    history.remove().wait(HOUR).edit({}).after(MINUTE)
    expect(history.verify()).toMatchObject({ expected: 3, fired: 3, missing: 0, double: 0, notes: [] })
  })

  test('a range cuts runs in two', () => {
    const history = new ScheduleHistory().pause().wait(HOUR).resume().after(MINUTE)
    const verification = history.verify({ from: START + 10 * MINUTE, until: START + 19 * MINUTE })
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 10, paused: 10 })
  })

  test('nothing is claimed before retention', () => {
    const history = new ScheduleHistory()
    for (let minute = 0; minute < 20; minute++) history.after(MINUTE)
    const kept = history.ledger.slice(10)
    expect(history.verify({}, kept)).toMatchObject({ missing: 10 })
    const verification = history.verify({ prunedUntil: START + 10 * MINUTE }, kept)
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 10, fired: 10, notes: [expect.stringContaining('past retention')] })
  })

  test('rows of other time-zone data are not computed again, and their chain is trusted', () => {
    const history = new ScheduleHistory(inParis)
    history.timezoneData = '2019c'
    for (let half = 0; half < 10; half++) history.after(30 * MINUTE)
    history.timezoneData = '2026a'
    for (let half = 0; half < 10; half++) history.after(30 * MINUTE)
    const verification = history.verify()
    expectSound(verification)
    expect(verification).toMatchObject({ expected: 20, fired: 20 })
    expect(verification.notes).toEqual([
      expect.stringContaining('under time-zone data 2019c'),
      expect.stringContaining('newer time-zone data')
    ])
  })

  test('fire times that older data had elsewhere are left as they are', () => {
    const history = new ScheduleHistory(inParis)
    for (let half = 0; half < 4; half++) history.after(30 * MINUTE)
    const elsewhere = history.ledger.map(row => ({
      ...row,
      timezoneData: '2019c',
      fireAt: row.fireAt - 10 * MINUTE,
      lastFireAt: row.lastFireAt - 10 * MINUTE,
      nextFireAt: row.nextFireAt === undefined ? undefined : row.nextFireAt - 10 * MINUTE
    }))
    expect(history.verify({}, elsewhere)).toMatchObject({ double: 0, missing: 0, fired: 4 })
    expect(history.verify({}, elsewhere.with(1, { ...elsewhere[1]!, nextFireAt: START })).missing).toBe(1)
    expect(isSound(history.verify({}, elsewhere.toSpliced(2, 1)))).toBe(false)
  })

  test('a zone that no data changes is computed again whatever the data', () => {
    const history = new ScheduleHistory({ trigger: cron('* * * * *').toJSON() })
    history.timezoneData = '2019c'
    for (let minute = 0; minute < 5; minute++) history.after(MINUTE)
    expect(history.verify()).toMatchObject({ fired: 5, notes: [] })
    expect(history.verify({}, history.ledger.toSpliced(2, 1))).toMatchObject({ missing: 1 })
  })

  test('any history that the decisions write', () => {
    const deed = fc.constantFrom('after', 'pause', 'resume', 'remove', 'edit', 'edit back')
    const step = fc.record({ deed, ms: fc.integer({ min: 0, max: HOUR }), liveJobs: fc.integer({ min: 0, max: 2 }) })
    const changes = fc.record({
      trigger: fc.constantFrom(every('1m').toJSON(), every('7s').toJSON(), inParis.trigger),
      misfireGraceMs: fc.constantFrom(null, 0, 90_000),
      coalesce: fc.constantFrom('latest' as const, 'earliest' as const, 'all' as const),
      overlap: fc.constantFrom('skip' as const, 'allow' as const),
      maxFires: fc.constantFrom(null, 3),
      coalesceCap: fc.constantFrom(1, 5, 100)
    })
    const property = fc.property(
      changes,
      changes,
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: -5, max: 500 }),
      (first, second, steps, cut) => {
        const history = new ScheduleHistory(first)
        for (const { deed, ms, liveJobs } of steps) {
          if (deed === 'after') history.after(ms, liveJobs)
          else history.wait(ms)
          if (deed === 'pause' || deed === 'resume' || deed === 'remove') history[deed]()
          if (deed === 'edit' || deed === 'edit back') history.edit(deed === 'edit' ? second : first)
        }
        history.after(0)
        expectSound(history.verify())
        expectSound(history.verify({ from: START + cut * MINUTE }))
        const half = Math.floor((START + history.now) / 2)
        expectSound(history.verify({ until: half }))
        const ledger = history.ledger
        const whole = history.verify()
        const [left, right] = [history.verify({ until: half }), history.verify({ from: half + 1 })]
        expect(left.expected + right.expected).toBe(whole.expected)
        if (ledger.length > 0) expect(isSound(history.verify({}, ledger.slice(1)))).toBe(false)
        if (ledger.length > 0) expect(isSound(history.verify({}, ledger.slice(0, -1)))).toBe(false)
      }
    )
    fc.assert(property, { numRuns: 300 })
  })
})

describe('books that somebody has tampered with', () => {
  const history = new ScheduleHistory()
  for (let minute = 0; minute < 5; minute++) history.after(MINUTE)
  history
    .after(10 * MINUTE)
    .pause()
    .wait(HOUR)
    .resume()
    .after(MINUTE)
  const ledger = history.ledger
  const index = (outcome: string): number => ledger.findIndex(row => row.outcome === outcome)
  const changed = (at: number, changes: Partial<LedgerRow>): LedgerRow[] =>
    ledger.with(at, { ...ledger[at]!, ...changes })
  const later = (ms: number): Partial<LedgerRow> => ({
    fireAt: ledger[2]!.fireAt + ms,
    lastFireAt: ledger[2]!.fireAt + ms
  })
  const paused = ledger[index('paused')]!

  const cases: readonly [string, readonly LedgerRow[], Partial<ScheduleVerification>][] = [
    ['the first row is gone', ledger.slice(1), { missing: 1, double: 0 }],
    ['a row is gone', ledger.toSpliced(2, 1), { missing: 1, double: 0 }],
    ['the last row is gone', ledger.slice(0, -1), { missing: 1, double: 0 }],
    ['a run is gone', ledger.toSpliced(index('coalesced'), 1), { missing: 9, double: 0 }],
    ['the row of the pause is gone', ledger.toSpliced(index('paused'), 1), { missing: 60, double: 0, paused: 0 }],
    ['all are gone', [], { missing: 76, double: 0 }],
    ['a row is there twice', ledger.toSpliced(2, 0, ledger[2]!), { missing: 0, double: 1, fired: 7 }],
    [
      'a run is there twice',
      ledger.toSpliced(index('coalesced'), 0, ledger[index('coalesced')]!),
      { missing: 0, double: 9, coalesced: 9 }
    ],
    ['a row stands where no fire time is', changed(2, later(1)), { missing: 1, double: 1 }],
    ['a row stands on the next fire time, its link on itself', changed(2, later(MINUTE)), { missing: 2, double: 1 }],
    ['a row was added between', ledger.toSpliced(3, 0, { ...ledger[2]!, ...later(30_000) }), { missing: 0, double: 1 }],
    ['a run counts too many', changed(index('coalesced'), { count: 10 }), { missing: 0, double: 1, coalesced: 9 }],
    ['a run counts too few', changed(index('coalesced'), { count: 7 }), { missing: 2, double: 0, coalesced: 7 }],
    ['a pause counts too few', changed(index('paused'), { count: 59 }), { missing: 1, double: 0, paused: 59 }],
    [
      'a run ends too early',
      changed(index('coalesced'), { lastFireAt: START + 13 * MINUTE }),
      { missing: 2, double: 1 }
    ],
    [
      'a run runs on into the next row',
      changed(index('coalesced'), { lastFireAt: START + 15 * MINUTE, count: 10 }),
      { double: 1 }
    ],
    ['the chain leads past a fire time', changed(2, { nextFireAt: START + 5 * MINUTE }), { missing: 1, double: 0 }],
    ['the chain ends too early', changed(2, { nextFireAt: undefined }), { missing: 1, double: 0 }],
    [
      'the last link leads elsewhere',
      changed(ledger.length - 1, { nextFireAt: history.now + 1 }),
      { missing: 1, double: 0 }
    ],
    ['a fire time of the pause has fired', changed(index('paused'), { outcome: 'fired' }), { missing: 60, double: 1 }],
    ['a fire time is called paused that was not', changed(2, { outcome: 'paused' }), { missing: 1, double: 1 }],
    ['one job stands for a run', changed(index('coalesced'), { outcome: 'fired' }), { missing: 9, double: 1 }],
    ['a row is of another revision', changed(2, { revision: 2 }), { missing: 1, double: 1 }],
    ['a count of none', changed(2, { count: 0 }), { missing: 1, double: 1 }],
    [
      'a fire before the schedule existed',
      [{ ...ledger[0]!, fireAt: START - MINUTE, lastFireAt: START - MINUTE }, ...ledger],
      { missing: 0, double: 1 }
    ],
    [
      'a run goes beyond a change',
      changed(index('paused'), { lastFireAt: paused.lastFireAt + MINUTE, count: 61 }),
      { missing: 60, double: 1 }
    ]
  ]
  test.each(cases)('%s', (_what, tampered, expected) => {
    const verification = history.verify({}, tampered)
    expect(isSound(verification)).toBe(false)
    expect(verification).toMatchObject(expected)
    expect(verification.notes).not.toEqual([])
  })

  test('untouched they are in order', () => {
    expectSound(history.verify())
  })

  test('a fire after the removal', () => {
    const removed = new ScheduleHistory().after(MINUTE).remove().wait(HOUR)
    const last = removed.ledger[0]!
    const fireAt = last.fireAt + MINUTE
    const verification = removed.verify({}, [last, { ...last, fireAt, lastFireAt: fireAt, revision: 2 }])
    expect(verification).toMatchObject({ double: 1, missing: 0, notes: [expect.stringContaining('was removed then')] })
  })

  test('a scheduler that was away', () => {
    const verification = new ScheduleHistory().after(MINUTE).wait(HOUR).verify()
    expect(verification).toMatchObject({ missing: 59, pending: 1, expected: 61 })
  })

  test('the notes stay few', () => {
    const odd = Array.from({ length: 100 }, (_, n) => ({
      ...ledger[0]!,
      fireAt: START + MINUTE + n + 1,
      lastFireAt: START + MINUTE + n + 1
    }))
    const verification = history.verify({}, [ledger[0]!, ...odd])
    expect(verification.double).toBe(100)
    expect(verification.notes).toHaveLength(21)
  })
})
