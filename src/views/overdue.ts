import { isOverdue } from '../core/schedule/overdue.ts'
import { AHEAD_TOLERANCE_MS } from '../core/schedule/undecide.ts'
import type { Store } from '../store/store.ts'

const MAX_SHOWN = 100

export interface OverdueSchedule {
  readonly id: string
  readonly dueAt: number
}

export interface AheadSchedule {
  readonly id: string
  readonly decidedUntil: number
}

/** Active schedules that have been due and undecided for too long, longest first, at most 100; and the store's time. */
export async function overdueSchedules(store: Store): Promise<{ now: number; overdue: OverdueSchedule[] }> {
  const { now, schedules } = await store.dueSchedules(MAX_SHOWN)
  const due = schedules.map(({ state }) => ({ id: state.id, dueAt: state.nextFireAt ?? now }))
  return { now, overdue: due.filter(({ dueAt }) => isOverdue(dueAt, now)) }
}

/** Schedules that are decided until a future instant, in the order of their ids, at most 100. */
export async function aheadSchedules(store: Store): Promise<AheadSchedule[]> {
  const { schedules } = await store.aheadSchedules(AHEAD_TOLERANCE_MS, MAX_SHOWN)
  return schedules.map(({ state: { id, decidedUntil, validFrom } }) => ({
    id,
    decidedUntil: Math.max(decidedUntil, validFrom)
  }))
}
