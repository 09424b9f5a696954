import { create } from '../../../src/core/schedule/change.ts'
import type { DecisionContext } from '../../../src/core/schedule/decide.ts'
import type { LedgerRow } from '../../../src/core/schedule/ledger.ts'
import type { ScheduleDefinition, ScheduleState } from '../../../src/core/schedule/schedule.ts'
import { aDefinition } from '../../../src/testing/factories.ts'

export const START = Date.UTC(2026, 0, 1)
export const SECOND = 1_000
export const MINUTE = 60_000
export const DAY = 86_400_000

export const contextAt = (now: number, over: Partial<DecisionContext> = {}): DecisionContext => ({
  now,
  liveJobs: 0,
  timezoneData: '2026a',
  node: 'node-a',
  ...over
})

export const declarationOf = (over: Partial<ScheduleDefinition> = {}, release = 1) => ({
  id: 'mails',
  definition: aDefinition(over),
  app: 'harbour',
  release
})

/** A schedule, every minute unless told otherwise, that was declared at the start. */
export const declared = (over: Partial<ScheduleDefinition> = {}): ScheduleState =>
  create(declarationOf(over), contextAt(START)).state

export const everySecond = { trigger: { kind: 'interval', everyMs: SECOND } } as const

/** Each row as outcome, first, last (both since the start, in `unit`s) and count. */
export const brief = (rows: readonly LedgerRow[], unit = MINUTE): unknown[] =>
  rows.map(row => [row.outcome, (row.fireAt - START) / unit, (row.lastFireAt - START) / unit, row.count])
