import type { Dated } from '../dated.ts'

/**
 * What happened to a fire time. `fired`: a job was created. `coalesced`: another fire time stood for it. `misfired`: it
 * was found later than its grace. `overlapped`: `maxInstances` jobs of the schedule were unfinished. `paused`: the
 * schedule was paused. `orphaned`: it was paused because no live process named it. `excluded`: a calendar excludes it.
 */
export const ledgerOutcomes = [
  'fired',
  'coalesced',
  'misfired',
  'overlapped',
  'paused',
  'orphaned',
  'excluded'
] as const
/** What happened to a fire time. */
export type LedgerOutcome = (typeof ledgerOutcomes)[number]

/** The fate of a fire time, or of a run of fire times with the same fate in one decision. */
export interface LedgerRow {
  readonly scheduleId: string
  /** The first fire time of the run. Unique together with the schedule. */
  readonly fireAt: number
  /** The last one; the same as `fireAt` when `count` is 1. */
  readonly lastFireAt: number
  readonly count: number
  readonly outcome: LedgerOutcome
  readonly jobId: string | undefined
  readonly decidedAt: number
  /** The next fire time in the chain. Undefined if the trigger has none. */
  readonly nextFireAt: number | undefined
  /** The schedule's revision at the decision. */
  readonly revision: number
  /** Version of the time-zone data that it was computed with. */
  readonly timezoneData: string
  /** The node that decided. */
  readonly node: string
}

/** A row of the ledger as apps see it. */
export interface LedgerView extends Dated<LedgerRow> {}
