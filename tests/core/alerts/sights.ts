import { keyOf, type NodeSight, type BooksSeen, type ScheduleSight } from '../../../src/core/alerts/rules/books-seen.ts'
import type { AlertLimits, AlertPolicy } from '../../../src/core/alerts/rules/policy.ts'
import type { AlertRule, Truth } from '../../../src/core/alerts/rule.ts'
import { judge } from '../../../src/core/alerts/rules/judge.ts'
import type { Incident } from '../../../src/core/alerts/incident.ts'
import type { LedgerOutcome, LedgerRow } from '../../../src/core/schedule/ledger.ts'
import type { ScheduleDefinition, ScheduleState } from '../../../src/core/schedule/schedule.ts'
import { definition, scheduleState } from '../../conformance/fixtures.ts'

/** The instant of every look. */
export const NOW = Date.parse('2026-03-09T12:00:00Z')
export const MINUTE = 60_000
export const HOUR = 3_600_000

export const scheduler: NodeSight = {
  host: 'harbour',
  pid: 1,
  roles: ['scheduler', 'worker'],
  tasks: ['report'],
  phase: 'alive',
  startedAt: NOW - 100 * HOUR,
  renewedAt: NOW - 1_000
}

/** Books in which all is well. */
export const calm: BooksSeen = {
  now: NOW,
  from: NOW - MINUTE,
  calmFrom: NOW - 100 * HOUR,
  nextDueAt: NOW + MINUTE,
  leaseTtlMs: 15_000,
  due: [],
  schedules: [],
  startless: [],
  discards: [],
  running: [],
  endless: [],
  orphans: [],
  nodes: [scheduler],
  seats: [],
  lanes: [],
  pausedQueues: new Map(),
  depths: undefined,
  clockJump: undefined,
  errors: [],
  channels: [],
  open: new Set(),
  unsure: new Set()
}

const limits: AlertLimits = {
  startWithinMs: MINUTE,
  successWithinMs: undefined,
  runsAtMostMs: undefined,
  runsAtLeastMs: undefined,
  failures: 1,
  recoveries: 1,
  overlaps: 3
}

export const policyOf = (over: Partial<AlertLimits> = {}, rest: Partial<AlertPolicy> = {}): AlertPolicy => ({
  limits: { ...limits, ...over },
  schedules: new Map(),
  queueAgeMs: 10 * MINUTE,
  queueDepth: undefined,
  without: new Set(),
  ...rest
})

export const truths = (seen: Partial<BooksSeen>, policy: AlertPolicy = policyOf()): readonly Truth[] =>
  judge({ ...calm, ...seen }, policy).truths

/** What is true, as rule and subject. */
export const said = (seen: Partial<BooksSeen>, policy?: AlertPolicy): string[] =>
  truths(seen, policy).map(({ rule, subject }) => `${rule} ${subject}`)

export const state = (over: Partial<ScheduleState> = {}, defined: Partial<ScheduleDefinition> = {}): ScheduleState =>
  scheduleState({ id: 'invoices', validFrom: 0, definition: definition(defined), ...over })

/** Hourly decisions, the newest first and one hour ago: `fired+` succeeded, `fired-` failed, `fired?` has not ended. */
export function ledger(...fates: readonly string[]): Pick<ScheduleSight, 'rows' | 'ends'> {
  const rows = fates.map((fate, index): LedgerRow => {
    const fireAt = NOW - (index + 1) * HOUR
    const [, outcome = '', count = '1'] = /^([a-z]+)[+?-]?(\d*)/.exec(fate)?.map(part => part || undefined) ?? []
    return {
      scheduleId: 'invoices',
      fireAt,
      lastFireAt: fireAt,
      count: Number(count),
      outcome: outcome as LedgerOutcome,
      jobId: outcome === 'fired' ? `job-${index}` : undefined,
      decidedAt: fireAt,
      nextFireAt: fireAt + HOUR,
      revision: 1,
      timezoneData: '2026a',
      node: 'node-a'
    }
  })
  const ends = { '+': 'succeeded', '-': 'failed', '?': 'unfinished' } as const
  const known = fates.flatMap((fate, index) => {
    const end = ends[fate.at(-1) as keyof typeof ends]
    return end === undefined ? [] : [[`job-${index}`, end] as const]
  })
  return { rows, ends: new Map(known) }
}

export const sight = (fates: readonly string[], over: Partial<ScheduleSight> = {}): ScheduleSight => ({
  state: state(),
  durations: [],
  lastEndedAt: undefined,
  ...ledger(...fates),
  ...over
})

export const incident = (over: Partial<Incident> = {}): Incident => ({
  id: 'incident-1',
  rule: 'failed',
  subject: 'invoices',
  openedAt: NOW,
  since: NOW - MINUTE,
  why: 'its last job failed for good',
  timezone: undefined,
  missed: 0,
  resolvedAt: undefined,
  flaps: 0,
  told: 'nothing',
  repeats: 0,
  isHeld: false,
  acknowledgedAt: undefined,
  acknowledgedBy: undefined,
  seenAt: NOW,
  ...over
})

export const openOf = (rule: AlertRule, subject: string): ReadonlySet<string> => new Set([keyOf({ rule, subject })])
