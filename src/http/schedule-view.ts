import { isoOf } from '../core/trigger/instant.ts'
import { shownPhase } from '../core/schedule.ts'
import type { ReadSchedule } from '../store/schedules.ts'

/** A schedule as the API's list has it. */
export function scheduleView({ state, liveJobs }: ReadSchedule) {
  const { id, phaseBy, definition, app, release, nextFireAt, orphanedAt, fires, lastJobBornAt } = state
  return {
    id,
    task: definition.task,
    phase: shownPhase(state),
    phaseBy: phaseBy ?? null,
    trigger: definition.trigger,
    nextFireAt: iso(nextFireAt),
    lastJobBornAt: iso(lastJobBornAt),
    liveJobs,
    fires,
    app,
    release,
    orphanedAt: iso(orphanedAt)
  }
}

/** ISO 8601 in UTC; null where there is none. */
export function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : isoOf(ms)
}
