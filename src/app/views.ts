import { type Dated, dated } from '../core/dated.ts'
import type { AnyTask } from '../core/job/task.ts'
import type { LedgerRow, LedgerView } from '../core/schedule/ledger.ts'
import type { ScheduleDefinition } from '../core/schedule/schedule.ts'
import type { QueueState } from '../store/reading.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { SeatState } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from '../views/all-schedules.ts'
import { type ScheduleSummary, shownDefinition, summarize } from '../views/schedule.ts'

/** A schedule as apps see it. */
export interface ScheduleView extends Dated<ScheduleSummary> {
  /** How many jobs it has created, by fires and by hand. */
  readonly jobsCreated: number
  /**
   * What is stored of it: task, trigger, payload and policies. A sealed payload is decoded if the task is one of this
   * process, and else a `SealedView`.
   */
  readonly definition: ScheduleDefinition
}

export function viewOf(read: ReadSchedule, tasks: readonly AnyTask[]): ScheduleView {
  const { jobsCreated, definition } = read.state
  const task = tasks.find(({ name }) => name === definition.task)
  const shown = shownDefinition(definition, task && { codecs: task.codecs })
  return { ...dated(summarize(read)), jobsCreated, definition: shown }
}

/** Views of all schedules, in the order of their ids. */
export async function viewsOfAll(store: Store, tasks: readonly AnyTask[]): Promise<ScheduleView[]> {
  const views: ScheduleView[] = []
  for await (const read of allSchedules(store)) views.push(viewOf(read, tasks))
  return views
}

export const viewOfRow = (row: LedgerRow): LedgerView => dated(row)

/** A queue as apps see it. */
export interface QueueView extends Dated<QueueState> {}

export const viewOfQueue = (queue: QueueState): QueueView => dated(queue)

/** A seat that was ever held, as apps see it. */
export interface SeatView extends Dated<SeatState> {}

export const viewOfSeat = (seat: SeatState): SeatView => dated(seat)
