import type { ReadSchedule } from '../store/schedules.ts'

/** A schedule as the API's list has it. */
export function scheduleView({ state, liveJobs }: ReadSchedule) {
  const { id, phase, phaseBy, definition, app, release, nextFireAt, orphanedAt, fires, lastJobBornAt } = state
  return {
    id,
    task: definition.task,
    phase,
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
  return ms === undefined ? null : new Date(ms).toISOString()
}
