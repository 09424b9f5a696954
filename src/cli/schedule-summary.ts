import { shownPhase } from '../core/schedule.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import { triggerInWords } from './fire-view.ts'
import { isoOrNull } from './output.ts'

export type ScheduleSummary = ReturnType<typeof summarize>

/** A schedule as lists answer it. */
export function summarize({ state, liveJobs }: ReadSchedule) {
  const { id, phaseBy, definition, app, nextFireAt, orphanedAt, fires } = state
  return {
    id,
    task: definition.task,
    phase: shownPhase(state),
    phaseBy: phaseBy ?? null,
    when: triggerInWords(definition.trigger),
    nextFireAt: isoOrNull(nextFireAt),
    liveJobs,
    fires,
    app,
    orphanedAt: isoOrNull(orphanedAt)
  }
}
