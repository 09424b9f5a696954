import { explain, type Explanation } from '../../core/schedule/explain.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import { type TimelineRow, unknownSchedule } from '../../core/schedule/schedule.ts'
import type { TriggerJson } from '../../core/trigger/trigger.ts'
import { triggerOf } from '../../core/trigger/trigger-cache.ts'
import type { Store } from '../../store/store.ts'

/** How many rows of a decision are searched for the one that stood for a coalesced fire time. */
const ROWS_OF_DECISION = 1_000

/** What happened at one instant of a schedule, and why. */
export interface ExplainedFire {
  readonly at: number
  /** The trigger at that time. */
  readonly trigger: TriggerJson
  readonly explanation: Explanation
  readonly row: LedgerRow | undefined
}

/**
 * Reads the books and explains an instant; by default the latest fire time that was due.
 *
 * @throws EscapementError `schedule-unknown`
 */
export async function explainFire(store: Store, id: string, asked: number | undefined): Promise<ExplainedFire> {
  const { now, schedules } = await store.readSchedules([id])
  const state = schedules[0]?.state
  if (state === undefined) throw unknownSchedule(id)
  const timeline = await store.readTimeline(id)
  const at = asked ?? triggerOf(state.definition.trigger).previous(now + 1) ?? now
  const rows = await rowsAround(store, { id, at, timeline })
  const row = rows.find(each => each.fireAt <= at && at <= each.lastFireAt)
  const job = row?.jobId === undefined ? undefined : await store.readJob(row.jobId)
  const prunedUntil = await store.ledgerPrunedUntil()
  const explanation = explain({ id, at, timeline, decidedUntil: state.decidedUntil, rows, job, now, prunedUntil })
  const held = timeline.findLast(each => each.validFrom < at) ?? timeline[0]
  return { at, trigger: (held ?? state).definition.trigger, explanation, row }
}

/** The row that covers the instant, and for a coalesced one the rows of the same decision. */
async function rowsAround(
  store: Store,
  { id: scheduleId, at, timeline }: { id: string; at: number; timeline: readonly TimelineRow[] }
): Promise<readonly LedgerRow[]> {
  const { items } = await store.listLedger({ scheduleId, from: at, until: at }, { limit: 1 })
  const row = items[0]
  if (row?.outcome !== 'coalesced') return items
  const later = await store.listLedger(
    { scheduleId, from: row.fireAt, until: row.decidedAt },
    { limit: ROWS_OF_DECISION }
  )
  const held = timeline.findLast(each => each.validFrom < row.fireAt)
  const before = held === undefined ? undefined : triggerOf(held.definition.trigger).previous(row.fireAt)
  if (before === undefined) return later.items
  const earlier = await store.listLedger({ scheduleId, from: before, until: before }, { limit: 1 })
  return [...earlier.items, ...later.items]
}
