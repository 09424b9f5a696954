import type { LedgerRow } from '../../core/schedule/ledger.ts'

/** A row of a schedule's ledger as it is shown with the schedule. */
export type LedgerEntry = Omit<LedgerRow, 'scheduleId'>

export function viewRow(row: LedgerRow): LedgerEntry {
  const { outcome, count, fireAt, lastFireAt, decidedAt, nextFireAt, jobId, revision, node, timezoneData } = row
  return { outcome, count, fireAt, lastFireAt, decidedAt, nextFireAt, jobId, revision, node, timezoneData }
}
