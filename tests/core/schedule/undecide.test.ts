import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { isAhead } from '../../../src/core/schedule/undecide.ts'
import { isDecidedAhead, isSound } from '../../../src/core/verify/verify-counts.ts'
import { ScheduleHistory, START } from './schedule-history.ts'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

/** Each row as outcome, first, last (both in minutes since the start) and count. */
const brief = ({ ledger }: ScheduleHistory): unknown[] =>
  ledger.map(row => [row.outcome, (row.fireAt - START) / MINUTE, (row.lastFireAt - START) / MINUTE, row.count])

const fired = ({ ledger }: ScheduleHistory): number[] =>
  ledger.filter(row => row.outcome === 'fired').map(row => (row.fireAt - START) / MINUTE)

describe('after a clock that ran ahead', () => {
  test('what did not fire is undecided, and what fired stays fired and does not fire again', () => {
    const history = new ScheduleHistory({ trigger: every('1h').toJSON() }).after(HOUR).after(DAY)
    expect(history.nextIn).toBe(HOUR)
    history.back(DAY).undecide()
    expect(history.last).toMatchObject({ undecided: 23, stayFired: 1 })
    expect(history.nextIn).toBe(HOUR)
    for (let hour = 2; hour <= 26; hour++) history.after(HOUR)
    expect(fired(history).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 26 }, (_, hour) => (hour + 1) * 60))
    expect(history.verify()).toMatchObject({ expected: 26, fired: 26, missing: 0, double: 0, notes: [] })
  })

  test('a run that began before now is cut, and says which fire time follows', () => {
    const history = new ScheduleHistory()
      .after(MINUTE)
      .after(60 * MINUTE)
      .back(50 * MINUTE)
      .undecide()
    expect(brief(history)).toEqual([
      ['fired', 1, 1, 1],
      ['coalesced', 2, 11, 10],
      ['fired', 61, 61, 1]
    ])
    expect(history.ledger[1]!.nextFireAt).toBe(START + 12 * MINUTE)
    expect(history.last).toMatchObject({ undecided: 49, stayFired: 1 })
    history.after(MINUTE).after(58 * MINUTE)
    expect(brief(history).slice(3)).toEqual([
      ['fired', 12, 12, 1],
      ['coalesced', 13, 60, 48],
      ['coalesced', 62, 69, 8],
      ['fired', 70, 70, 1]
    ])
    expect(isSound(history.verify())).toBe(true)
  })

  test.each(['misfired', 'overlapped', 'paused'] as const)('rows that were %s are cut and taken back', outcome => {
    const history = new ScheduleHistory({ misfireGraceMs: outcome === 'misfired' ? 0 : null })
    if (outcome === 'paused') history.pause().wait(HOUR).resume()
    else history.after(HOUR + SECOND, 1)
    history.back(30 * MINUTE).undecide()
    const last = history.ledger.filter(row => row.lastFireAt <= history.now).at(-1)
    expect(history.last!.undecided).toBe(30)
    expect(last?.outcome).toBe(outcome === 'overlapped' ? 'coalesced' : outcome)
    history.after(MINUTE).after(MINUTE)
    expect(history.verify()).toMatchObject({ missing: 0, double: 0, pending: 0 })
  })

  test('several that fired are all kept in mind, each until it came', () => {
    const all = { coalesce: 'all', coalesceCap: 3, overlap: 'allow' } as const
    const history = new ScheduleHistory(all)
      .after(10 * MINUTE)
      .back(9 * MINUTE)
      .undecide()
    expect(history.state.firedAhead).toEqual([8, 9, 10].map(minute => START + minute * MINUTE))
    history.after(7 * MINUTE)
    expect(history.state.firedAhead).toEqual([9, 10].map(minute => START + minute * MINUTE))
    history.after(3 * MINUTE)
    expect(history.state.firedAhead).toBeUndefined()
    expect(fired(history).toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10, 11])
    expect(isSound(history.verify())).toBe(true)
  })

  test('what is left out while jobs live is no run across one that fired', () => {
    const policy = { coalesce: 'all', coalesceCap: 10, maxInstances: 2 } as const
    const history = new ScheduleHistory({ ...policy, coalesceCap: 1 })
      .after(3 * MINUTE)
      .back(3 * MINUTE)
      .undecide()
    history.edit(policy).after(5 * MINUTE, 2)
    expect(brief(history)).toEqual([
      ['fired', 3, 3, 1],
      ['overlapped', 1, 2, 2],
      ['overlapped', 4, 5, 2]
    ])
    expect(isSound(history.verify())).toBe(true)
  })

  test('maxFires counts what fired ahead, and a schedule that ended so stays ended', () => {
    const history = new ScheduleHistory({ trigger: every('1h').toJSON(), maxFires: 2 }).after(DAY).back(DAY).undecide()
    history.after(HOUR)
    expect(history.state).toMatchObject({ phase: 'ended', fires: 2 })
    expect(fired(history).toSorted((a, b) => a - b)).toEqual([60, 24 * 60])
    expect(isAhead(history.state, history.now)).toBe(false)
  })

  test('a schedule that was created under it holds from now on', () => {
    const history = new ScheduleHistory().back(DAY)
    expect(history.nextIn).toBe(DAY + MINUTE)
    history.undecide()
    expect(history.nextIn).toBe(MINUTE)
    history.after(MINUTE)
    expect(history.verify()).toMatchObject({ expected: 1, fired: 1, missing: 0, double: 0, notes: [] })
  })

  test.each(['pause', 'resume', 'remove', 'edit'] as const)(
    'a %s made under it, or before it is undecided, holds from now on',
    change => {
      for (const isUnderIt of [true, false]) {
        const history = new ScheduleHistory({ trigger: every('1h').toJSON() }).after(HOUR)
        if (change === 'resume') history.pause()
        history.wait(DAY)
        if (!isUnderIt && change !== 'resume') history.after(0)
        if (!isUnderIt) history.back(DAY)
        if (change === 'edit') history.edit({ trigger: cron('*/20 * * * *').toJSON() })
        else history[change]()
        if (isUnderIt) history.back(DAY)
        history.undecide()
        expect(history.state).toMatchObject({ decidedUntil: history.now, validFrom: history.now })
        history.wait(DAY + HOUR)
        if (change === 'pause') history.resume()
        else if (change !== 'remove') history.after(0)
        expect(history.verify(), `${change} ${isUnderIt}`).toMatchObject({ missing: 0, double: 0 })
      }
    }
  )

  test('twice, and the first time is not forgotten', () => {
    const history = new ScheduleHistory()
      .after(10 * MINUTE)
      .back(9 * MINUTE)
      .undecide()
    history
      .after(20 * MINUTE)
      .back(19 * MINUTE)
      .undecide()
    expect(history.state.firedAhead).toEqual([10, 21].map(minute => START + minute * MINUTE))
    for (let minute = 3; minute <= 25; minute++) history.after(MINUTE)
    expect(new Set(fired(history)).size).toBe(fired(history).length)
    expect(history.verify()).toMatchObject({ fired: 23, coalesced: 2, missing: 0, double: 0 })
  })

  test('a decision that was read before it does not go through: the revision is another', () => {
    const history = new ScheduleHistory().after(MINUTE)
    const { revision } = history.state
    expect(history.after(DAY).back(DAY).undecide().state.revision).toBeGreaterThan(revision)
  })

  test('a run at start is not put off by a creation that is still to come', () => {
    const history = new ScheduleHistory({ runAtStart: true }).after(DAY).back(DAY).undecide()
    expect(history.state.lastJobCreatedAt).toBe(history.now)
  })

  test('until it is undecided verify says so, and calls nothing in order', () => {
    const history = new ScheduleHistory().after(DAY).back(DAY)
    const verification = history.verify()
    expect(isDecidedAhead(verification)).toBe(true)
    expect(verification).toMatchObject({ decidedAheadUntil: START + DAY, missing: 0, double: 0 })
    expect(verification.notes).toEqual([expect.stringContaining('decided until 2026-01-02T00:00:00Z')])
    expect(isAhead(history.state, history.now)).toBe(true)
  })
})

test('whatever clocks and operators do, every fire time is in the books once, and fires once at the most', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('after' as const), ms: fc.integer({ min: 0, max: 10 * MINUTE }) })
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) })
    },
    fc.record({ kind: fc.constantFrom('pause', 'resume', 'remove', 'edit', 'undecide'), ms: fc.nat(2) })
  )
  const triggers = [every('1m'), every('90s'), cron('*/7 * * * *')].map(trigger => trigger.toJSON())
  const policies = fc.record({
    coalesce: fc.constantFrom('latest', 'earliest', 'all'),
    coalesceCap: fc.integer({ min: 1, max: 4 }),
    overlap: fc.constantFrom('skip', 'allow'),
    maxInstances: fc.integer({ min: 1, max: 2 }),
    misfireGraceMs: fc.constantFrom(null, 0, 5 * MINUTE),
    maxFires: fc.constantFrom(null, null, 7)
  })
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 25 }), (policy, steps) => {
      const history = new ScheduleHistory({ ...policy, trigger: triggers[0]! })
      for (const { kind, ms } of steps) {
        if (kind === 'after') history.after(ms, ms % 2)
        else if (kind === 'jump') history.wait(ms)
        else if (kind === 'edit') history.edit({ ...policy, trigger: triggers[ms]! })
        else history[kind]()
      }
      history.undecide()
      for (let turn = 0; turn < 30; turn++) history.after(10 * MINUTE)
      history.after(3 * DAY)
      const verification = history.verify()
      expect(verification.notes.filter(note => !note.includes('fired before it came'))).toEqual([])
      expect(verification).toMatchObject({ missing: 0, double: 0 })
      const times = fired(history)
      expect(new Set(times).size).toBe(times.length)
      expect(history.state.firedAhead).toBeUndefined()
    }),
    { numRuns: 1_000 }
  )
})
