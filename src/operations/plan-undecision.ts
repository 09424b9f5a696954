import type { LedgerRow } from '../core/schedule/ledger.ts'
import { undecide, type Undecision } from '../core/schedule/undecide.ts'
import { allPages } from '../store/pages/all-pages.ts'
import type { ReadSchedule, ScheduleWrite } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'

const ROWS_AT_ONCE = 1_000

export interface PlannedUndecision {
  readonly read: ReadSchedule
  readonly undecision: Undecision
  readonly write: ScheduleWrite
}

/** The write that undecides one schedule. Its ledger rows stay valid while the schedule is unchanged (rule 1). */
export async function planUndecision(
  store: Store,
  read: ReadSchedule,
  context: Parameters<typeof undecide>[1]
): Promise<PlannedUndecision> {
  const { state } = read
  const rows = await rowsAfter(store, state.id, context.now)
  const timeline = await store.readTimeline(state.id)
  const undecision = undecide({ state, rows, timeline }, context)
  const { ledger, takesBackAfter } = undecision
  const write = {
    guard: state,
    state: undecision.state,
    ledger,
    takesBackAfter,
    jobs: [],
    timeline: undecision.timeline
  }
  return { read, undecision, write }
}

async function rowsAfter(store: Store, scheduleId: string, now: number): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = []
  const range = { scheduleId, from: now + 1, until: Number.MAX_SAFE_INTEGER }
  for await (const row of allPages(cursor => store.listLedger(range, { limit: ROWS_AT_ONCE, cursor }))) rows.push(row)
  return rows
}
