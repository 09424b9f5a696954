import { AHEAD_TOLERANCE_MS, type Undecision } from '../../core/schedule/undecide.ts'
import { type PlannedUndecision, planUndecision } from '../../operations/plan-undecision.ts'
import type { ReadSchedule } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'
import type { Emitter } from '../events/emitter.ts'

const SCHEDULES_AT_ONCE = 100

export interface UndeciderOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  readonly nodeId: () => string
}

/**
 * Undoes what was decided ahead of now, for every schedule. `isAll`: nothing of it is left, as far as this release can
 * read the schedules. Otherwise others write them at the same time, and another look is worthwhile.
 */
export async function undecideAhead(options: UndeciderOptions): Promise<{ written: number; isAll: boolean }> {
  const { store } = options
  let written = 0
  for (;;) {
    const { now, schedules } = await store.aheadSchedules(AHEAD_TOLERANCE_MS, SCHEDULES_AT_ONCE)
    const planned = await planAll(schedules, now, options)
    const answers = await store.writeSchedules(planned.map(({ write }) => write))
    const done = planned.filter((_, index) => answers[index] === 'written')
    for (const { read, undecision } of done) tell(read, undecision, options.events)
    written += done.length
    if (schedules.length < SCHEDULES_AT_ONCE || done.length === 0)
      return { written, isAll: done.length === planned.length }
  }
}

async function planAll(
  schedules: readonly ReadSchedule[],
  now: number,
  { store, timezoneData, nodeId }: UndeciderOptions
): Promise<PlannedUndecision[]> {
  const planned: PlannedUndecision[] = []
  for (const read of schedules) {
    const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
    try {
      planned.push(await planUndecision(store, read, context))
    } catch {
      // Another release wrote its trigger. Deciding it reports that.
    }
  }
  return planned
}

function tell({ state }: ReadSchedule, { undecided, stayFired, state: after }: Undecision, events: Emitter): void {
  events.emit('schedule.undecided', {
    scheduleId: state.id,
    decidedUntil: Math.max(state.decidedUntil, state.validFrom),
    undecided,
    stayFired,
    nextFireAt: after.nextFireAt
  })
}
