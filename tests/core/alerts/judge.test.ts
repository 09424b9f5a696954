import { describe, expect, test } from 'vitest'
import { alertRules } from '../../../src/core/alerts/rule.ts'
import { calm, HOUR, MINUTE, NOW, openOf, policyOf, said, scheduler, sight, state, truths } from './sights.ts'

test('nothing is said of books in which all is well', () => {
  expect(said({})).toEqual([])
  expect(said({ schedules: [sight(['fired+', 'fired+', 'fired+'])] })).toEqual([])
})

describe('not-started', () => {
  const job = { id: 'job-1', scheduleId: 'invoices', fireAt: NOW - HOUR, task: 'report', queue: 'billing' }

  test('a fire time that no scheduler has decided, once startWithin has passed', () => {
    const due = (agoMs: number) => ({ due: [state({ nextFireAt: NOW - agoMs })] })
    expect(said(due(MINUTE))).toEqual([])
    expect(truths(due(MINUTE + 1))).toMatchObject([
      { rule: 'not-started', subject: 'invoices', why: expect.stringContaining('no row in the ledger') }
    ])
  })

  test('a job without an attempt is measured from the time at which it may run, and says why it waits', () => {
    const waiting = { startless: [{ ...job, runAt: NOW - MINUTE }] }
    expect(said(waiting)).toEqual([])
    const late = { startless: [{ ...job, runAt: NOW - MINUTE - 1 }] }
    const whyOf = (seen: Parameters<typeof truths>[0]): string | undefined => truths({ ...late, ...seen })[0]?.why
    expect(whyOf({})).toContain('behind others')
    expect(whyOf({ pausedQueues: new Map([['billing', NOW - HOUR]]) })).toContain('"billing" is paused')
    expect(whyOf({ nodes: [{ ...scheduler, tasks: [] }] })).toContain('no live worker knows its task "report"')
    expect(whyOf({ nodes: [{ ...scheduler, roles: ['scheduler'] }] })).toContain('no worker is alive')
  })

  test('a schedule may have its own limit, and is said once, of the job that waits longest', () => {
    const two = { startless: [NOW - 2 * MINUTE, NOW - 3 * MINUTE].map(runAt => ({ ...job, runAt })) }
    expect(truths(two)).toMatchObject([{ since: NOW - 3 * MINUTE }])
    const own = new Map([['invoices', { startWithinMs: 5 * MINUTE }]])
    expect(said(two, policyOf({}, { schedules: own }))).toEqual([])
  })

  test('nothing is late before somebody has looked for as long', () => {
    const late = { due: [state({ nextFireAt: NOW - 5 * HOUR })], startless: [{ ...job, runAt: NOW - 5 * HOUR }] }
    expect(said({ ...late, calmFrom: NOW - MINUTE })).toEqual([])
    expect(said({ ...late, calmFrom: NOW - MINUTE - 1 })).toEqual(['not-started invoices'])
  })
})

describe('missed', () => {
  const missedOf = (...fates: string[]): string[] =>
    said({ schedules: [sight(fates)] }).filter(each => each.startsWith('missed'))

  test('from a misfire to the next fire', () => {
    expect(missedOf('misfired', 'fired+')).toEqual(['missed invoices'])
    expect(missedOf('fired+', 'misfired')).toEqual([])
    expect(missedOf('paused', 'misfired', 'fired+')).toEqual(['missed invoices'])
  })

  test('a misfire that a fire of the same decision ends is said too', () => {
    const [fired, misfired] = sight(['fired+', 'misfired4']).rows
    const rows = [fired!, { ...misfired!, decidedAt: NOW - 1_000 }]
    const seen = { schedules: [sight([], { rows, ends: new Map([['job-0', 'succeeded']]) })] }
    expect(truths(seen)).toMatchObject([{ rule: 'missed', missed: 4 }])
    expect(said({ ...seen, from: NOW })).toEqual([])
  })

  test('three overlaps in a row, however many rows they are', () => {
    expect(missedOf('overlapped', 'overlapped', 'fired+')).toEqual([])
    expect(missedOf('overlapped', 'overlapped2', 'fired+')).toEqual(['missed invoices'])
    expect(missedOf('overlapped', 'fired+', 'overlapped', 'overlapped')).toEqual([])
  })
})

describe('failed', () => {
  const failedOf = (fates: string[], policy = policyOf(), isOpen = false): boolean =>
    said({ schedules: [sight(fates)], ...(isOpen && { open: openOf('failed', 'invoices') }) }, policy).includes(
      'failed invoices'
    )

  test('from a discarded job to the next success', () => {
    expect(failedOf(['fired-', 'fired+'])).toBe(true)
    expect(failedOf(['fired?', 'fired-', 'fired+'])).toBe(true)
    expect(failedOf(['fired+', 'fired-'])).toBe(false)
  })

  test('so many in a row', () => {
    const three = policyOf({ failures: 3 })
    expect(failedOf(['fired-', 'fired-', 'fired+'], three)).toBe(false)
    expect(failedOf(['fired-', 'fired-', 'fired-'], three)).toBe(true)
    expect(failedOf(['fired-', 'fired+', 'fired-', 'fired-'], three)).toBe(false)
  })

  test('an open one ends after so many successes', () => {
    const two = policyOf({ recoveries: 2 })
    expect(failedOf(['fired+', 'fired-'], two, true)).toBe(true)
    expect(failedOf(['fired+', 'fired+', 'fired-'], two, true)).toBe(false)
    expect(failedOf(['fired+', 'fired-'], two)).toBe(false)
  })

  test('a task that no schedule fires fails until it was quiet for 10 minutes', () => {
    const discard = { id: 'j', task: 'mail', scheduleId: undefined, fireAt: undefined, problem: 'refused' }
    const at = (agoMs: number) => ({ discards: [{ ...discard, finishedAt: NOW - agoMs }] })
    expect(truths(at(MINUTE))).toMatchObject([{ rule: 'failed', subject: 'task mail' }])
    expect(said(at(10 * MINUTE))).toEqual([])
  })
})

describe('stale', () => {
  const isStale = (fates: string[], over = {}, policy = policyOf()): boolean =>
    said({ schedules: [sight(fates, over)] }, policy).includes('stale invoices')

  test('no success for the last fire time, nor for the one before', () => {
    expect(isStale(['fired?', 'fired-', 'fired+'])).toBe(true)
    expect(isStale(['fired-', 'fired+', 'fired-'])).toBe(false)
    expect(isStale(['misfired', 'overlapped', 'fired+'])).toBe(true)
    expect(isStale(['fired?'])).toBe(false)
  })

  test('a completed job that has left the books is a success', () => {
    expect(isStale(['fired', 'fired-'])).toBe(false)
  })

  test('paused and excluded times do not count', () => {
    expect(isStale(['paused', 'excluded', 'fired-', 'fired+'])).toBe(false)
    expect(isStale(['paused', 'fired-', 'fired-'], { state: state({ phase: 'paused' }) })).toBe(false)
    expect(isStale(['fired-', 'fired-'], { state: state({ validFrom: NOW - 90 * MINUTE }) })).toBe(false)
  })

  test('a schedule of every second has its startWithin', () => {
    const rows = sight(['fired?', 'fired?']).rows.map((row, index) => ({ ...row, fireAt: NOW - (index + 1) * 1_000 }))
    const ends = sight(['fired?', 'fired?']).ends
    expect(isStale([], { rows, ends })).toBe(false)
  })

  test('successWithin instead, from the last success, and from the end of a pause', () => {
    const day = policyOf({ successWithinMs: 2 * HOUR })
    expect(isStale(['fired-', 'fired+'], {}, day)).toBe(false)
    expect(isStale(['fired-', 'fired-', 'fired+'], {}, day)).toBe(true)
    expect(isStale(['paused', 'fired-', 'fired+'], {}, day)).toBe(false)
  })
})

describe('runs', () => {
  test('one that takes longer than allowed', () => {
    const job = { id: 'job-1', task: 'report', scheduleId: 'invoices', claimedAt: NOW - HOUR }
    expect(said({ running: [job] })).toEqual([])
    expect(said({ running: [job] }, policyOf({ runsAtMostMs: HOUR }))).toEqual([])
    expect(said({ running: [job] }, policyOf({ runsAtMostMs: HOUR - 1 }))).toEqual(['too-long invoices'])
  })

  test('one that took longer than allowed, and has ended between two looks', () => {
    const ended = (lastEndedAt: number) => ({ schedules: [sight([], { durations: [MINUTE + 1], lastEndedAt })] })
    const policy = policyOf({ runsAtMostMs: MINUTE })
    expect(truths(ended(NOW - 1), policy)).toMatchObject([
      { rule: 'too-long', subject: 'invoices', since: NOW - MINUTE - 2, why: expect.stringContaining('60001 ms') }
    ])
    expect(said(ended(calm.from - 1), policy)).toEqual([])
    expect(said(ended(NOW - 1), policyOf({ runsAtMostMs: MINUTE + 1 }))).toEqual([])
    const next = { id: 'job-2', task: 'report', scheduleId: 'invoices', claimedAt: NOW - HOUR }
    expect(said({ ...ended(NOW - 1), running: [next] }, policy)).toEqual(['too-long invoices'])
  })

  test('one that took less than a tenth of the median of twenty, or than allowed', () => {
    const of = (...durations: number[]) => ({ schedules: [sight([], { durations, lastEndedAt: NOW })] })
    const usual = Array.from({ length: 20 }, () => 1_000)
    expect(said(of(99, ...usual))).toEqual(['too-short invoices'])
    expect(said(of(100, ...usual))).toEqual([])
    expect(said(of(99, ...usual.slice(1)))).toEqual([])
    expect(said(of(99), policyOf({ runsAtLeastMs: 100 }))).toEqual(['too-short invoices'])
  })
})

describe('the cluster', () => {
  const gone = { ...scheduler, renewedAt: NOW - 2 * MINUTE }

  test('no scheduler: one notice, and none of what follows from it', () => {
    const late = { due: [state({ nextFireAt: NOW - HOUR })], nextDueAt: NOW - HOUR }
    expect(said({ ...late, nodes: [gone] })).toEqual(['no-scheduler scheduler'])
    expect(said({ ...late, nodes: [{ ...scheduler, phase: 'left' }] })).toEqual(['not-started invoices'])
    expect(said({ nodes: [], nextDueAt: undefined })).toEqual([])
    expect(said({ nodes: [gone], calmFrom: NOW - MINUTE })).toEqual([])
  })

  test('a node that ended without leaving, until another has started in its place', () => {
    const lost = { ...scheduler, pid: 2, phase: 'lost' as const, renewedAt: NOW - 5 * MINUTE }
    expect(said({ nodes: [scheduler, lost] })).toEqual(['node-lost harbour:2'])
    expect(said({ nodes: [{ ...scheduler, startedAt: NOW - MINUTE }, lost] })).toEqual([])
    expect(said({ nodes: [scheduler, { ...lost, phase: 'left' }] })).toEqual([])
  })

  test('a seat that nobody has held for a minute', () => {
    const seat = { seat: 'primary', isHeld: false, ttlMs: 15_000, renewedAt: NOW - MINUTE - 1 }
    expect(said({ seats: [seat] })).toEqual(['seat-vacant primary'])
    expect(said({ seats: [{ ...seat, renewedAt: NOW - MINUTE }] })).toEqual([])
    expect(said({ seats: [{ ...seat, isHeld: true }] })).toEqual([])
  })

  test('a clock that jumped, what a process reports of itself, and a channel that fails', () => {
    const fault = { subject: 'harbour:1 scheduler', why: 'it fails', since: NOW }
    const seen = { clockJump: { byMs: HOUR, at: NOW }, errors: [fault], channels: [{ ...fault, subject: 'mail' }] }
    expect(said(seen)).toEqual(['clock-jumped clock', 'error harbour:1 scheduler', 'channel-failing mail'])
  })
})

describe('work', () => {
  test('jobs of a task that no live process knows', () => {
    const lane = { task: 'ghost', queue: 'default', runAt: NOW - HOUR }
    expect(said({ lanes: [lane] })).toEqual(['unknown-task ghost'])
    expect(said({ lanes: [{ ...lane, runAt: NOW - MINUTE }] })).toEqual([])
  })

  test('a queue whose oldest job has waited too long, unless somebody has paused it', () => {
    const lane = { task: 'report', queue: 'billing', runAt: NOW - 10 * MINUTE - 1 }
    expect(said({ lanes: [lane] })).toEqual(['queue-old billing'])
    expect(said({ lanes: [{ ...lane, runAt: NOW - 10 * MINUTE }] })).toEqual([])
    expect(said({ lanes: [lane], pausedQueues: new Map([['billing', NOW]]) })).toEqual([])
  })

  test('a queue in which too many wait', () => {
    const seen = { depths: new Map([['billing', 101]]) }
    expect(said(seen)).toEqual([])
    expect(said(seen, policyOf({}, { queueDepth: 100 }))).toEqual(['queue-deep billing'])
    expect(said(seen, policyOf({}, { queueDepth: 101 }))).toEqual([])
  })

  test('a trigger without a further fire time, but not one that was to end', () => {
    const dst = { gap: 'transition', overlap: 'first' } as const
    const cron = { kind: 'cron', expression: '0 0 30 2 *', days: 'or', dst } as const
    const endless = [
      state({ id: 'never' }, { trigger: cron }),
      state({ id: 'once' }, { trigger: { kind: 'date', at: '2026-01-01T00:00:00Z' } }),
      state({ id: 'until' }, { trigger: { ...cron, end: '2026-01-01T00:00:00Z' } })
    ]
    expect(said({ endless })).toEqual(['no-next-fire never'])
  })

  test('a schedule that still fires, and that no code has named for 10 minutes', () => {
    const orphan = (agoMs: number, over = {}) => [state({ orphanedAt: NOW - agoMs, ...over })]
    expect(said({ orphans: orphan(10 * MINUTE) })).toEqual(['orphaned invoices'])
    expect(said({ orphans: orphan(10 * MINUTE - 1) })).toEqual([])
    expect(said({ orphans: orphan(HOUR, { phase: 'paused' }) })).toEqual([])
  })
})

test('a rule that is taken out says nothing', () => {
  const seen = { ...calm, seats: [{ seat: 'primary', isHeld: false, ttlMs: 1, renewedAt: 0 }] }
  expect(said(seen, policyOf({}, { without: new Set(alertRules) }))).toEqual([])
})
