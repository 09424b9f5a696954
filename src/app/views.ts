import { type Dated, dated } from '../core/dated.ts'
import type { LedgerRow, LedgerView } from '../core/schedule/ledger.ts'
import type { ScheduleDefinition } from '../core/schedule/schedule.ts'
import type { QueueState } from '../store/reading.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { SeatState } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from '../views/all-schedules.ts'
import { type ScheduleSummary, summarize } from '../views/schedule.ts'

/** A schedule as apps see it. */
export interface ScheduleView extends Dated<ScheduleSummary> {
  /** How many jobs it has created, by fires and by hand. */
  readonly jobsCreated: number
  /** What is stored of it: task, trigger, payload and policies. */
  readonly definition: ScheduleDefinition
}

export function viewOf(read: ReadSchedule): ScheduleView {
  const { jobsCreated, definition } = read.state
  return { ...dated(summarize(read)), jobsCreated, definition }
}

/** Views of all schedules, in the order of their ids. */
export async function viewsOfAll(store: Store): Promise<ScheduleView[]> {
  const views: ScheduleView[] = []
  for await (const read of allSchedules(store)) views.push(viewOf(read))
  return views
}

export const viewOfRow = (row: LedgerRow): LedgerView => dated(row)

/** A queue as apps see it. */
export interface QueueView extends Dated<QueueState> {}

export const viewOfQueue = (queue: QueueState): QueueView => dated(queue)

/** A seat that was ever held, as apps see it. */
export interface SeatView extends Dated<SeatState> {}

export const viewOfSeat = (seat: SeatState): SeatView => dated(seat)
