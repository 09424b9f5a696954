/**
 * What became of a fire time. `fired`: a job was created. `coalesced`: another fire time stood for it. `misfired`: found
 * later than its grace. `overlapped`: enough jobs of the schedule were live. `paused`: the schedule was. `orphaned`: it
 * was, because no live process named it. `excluded`: a calendar leaves it out.
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
export type LedgerOutcome = (typeof ledgerOutcomes)[number]

/** A fire time, or a run of fire times that met the same fate in one decision, and what became of them. */
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
  /** The fire time that follows in the chain; undefined when the trigger has none. */
  readonly nextFireAt: number | undefined
  /** The revision of the schedule that it was decided under. */
  readonly revision: number
  /** Version of the time-zone data that it was computed with. */
  readonly timezoneData: string
  /** The node that decided. */
  readonly node: string
}
