import type { LedgerOutcome, LedgerRow } from '../core/schedule/ledger.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from '../views/all-schedules.ts'
import { summarize } from '../views/schedule.ts'

/**
 * A schedule as apps see it: the stored row, plus the fields that are used most, with instants as dates. Its phase is
 * `ended` also if the trigger has no fire time to come.
 */
export interface ScheduleView extends ReadSchedule {
  readonly id: string
  readonly task: string
  readonly nextFireAt: Date | undefined
  readonly pausedAt: Date | undefined
  /** What `pause` was told. */
  readonly pauseNote: string | undefined
  /** `code`: the code of its app names it. `calls`: `schedules.put` made it. */
  readonly owner: 'code' | 'calls'
}

export function viewOf(read: ReadSchedule): ScheduleView {
  const { id, task, phase, liveJobs, nextFireAt, pausedAt, pauseNote, owner, app } = summarize(read)
  return {
    state: { ...read.state, phase, app },
    liveJobs,
    id,
    task,
    nextFireAt: dateOf(nextFireAt),
    pausedAt: dateOf(pausedAt),
    pauseNote,
    owner
  }
}

export interface LedgerView {
  readonly fireAt: Date
  readonly lastFireAt: Date
  readonly count: number
  readonly outcome: LedgerOutcome
  readonly jobId: string | undefined
  readonly decidedAt: Date
}

export function viewOfRow({ fireAt, lastFireAt, count, outcome, jobId, decidedAt }: LedgerRow): LedgerView {
  return {
    fireAt: new Date(fireAt),
    lastFireAt: new Date(lastFireAt),
    count,
    outcome,
    jobId,
    decidedAt: new Date(decidedAt)
  }
}

const dateOf = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at))

/** Views of all schedules, in the order of their ids. */
export async function viewsOfAll(store: Store): Promise<ScheduleView[]> {
  const views: ScheduleView[] = []
  for await (const read of allSchedules(store)) views.push(viewOf(read))
  return views
}
