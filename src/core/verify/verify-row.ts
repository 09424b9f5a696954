import type { LedgerRow } from '../schedule/ledger.ts'
import { formatInstant } from '../trigger/instant.ts'
import { expectsFires, type Stretch } from './verify-stretches.ts'

/**
 * Why a ledger row is wrong where it is: no decision by the rules would write it. `recomputed` says whether fire times
 * may be computed again, because the row was decided under the time-zone data of this Node.
 */
export function contradiction(row: LedgerRow, stretch: Stretch | undefined, recomputed: boolean): string | undefined {
  if (stretch === undefined) return 'the schedule did not exist then'
  if (!expectsFires(stretch)) return `the schedule was ${stretch.phase} then`
  if (row.lastFireAt > stretch.until) return `its run goes beyond the change at ${formatInstant(stretch.until)}`
  if (row.revision < stretch.revision || row.revision >= stretch.nextRevision)
    return `it was decided under revision ${row.revision}, and ${stretch.revision} held then`
  if (isPause(row.outcome) !== (stretch.phase === 'paused')) return `the schedule was ${stretch.phase} then`
  if (isMalformed(row))
    return `a run of ${row.count} does not go from ${formatInstant(row.fireAt)} to ${formatInstant(row.lastFireAt)}`
  if (row.outcome === 'fired' && row.count !== 1) return 'a job answers to one fire time only'
  if (!recomputed) return undefined
  const isRunOfFireTimes = isFireTime(stretch, row.fireAt) && (row.count === 1 || isFireTime(stretch, row.lastFireAt))
  return isRunOfFireTimes ? undefined : 'that is not a fire time of the schedule'
}

/** Whether the schedule was paused, by a person or because no code named it. */
const isPause = (outcome: LedgerRow['outcome']): boolean => outcome === 'paused' || outcome === 'orphaned'

function isMalformed({ count, fireAt, lastFireAt }: LedgerRow): boolean {
  if (!Number.isSafeInteger(count) || count < 1) return true
  return count === 1 ? fireAt !== lastFireAt : fireAt >= lastFireAt
}

export const isFireTime = ({ trigger }: Stretch, at: number): boolean => trigger.next(at - 1) === at

/** Whether the row's next fire time is the one that the trigger gives. */
export function isLinkRight(row: LedgerRow, stretch: Stretch): boolean {
  const isLastFire = row.nextFireAt === undefined && stretch.nextPhase === 'ended' && stretch.until === row.lastFireAt
  return isLastFire || row.nextFireAt === stretch.trigger.next(row.lastFireAt)
}

/** "fired at 2026-03-08T07:00:00Z" or "paused from … to …". */
export function ledgerRowInWords({ outcome, fireAt, lastFireAt }: LedgerRow): string {
  if (fireAt === lastFireAt) return `"${outcome}" at ${formatInstant(fireAt)}`
  return `"${outcome}" from ${formatInstant(fireAt)} to ${formatInstant(lastFireAt)}`
}
