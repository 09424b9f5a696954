import type { ScheduleHealth } from '../core/counts/health.ts'
import { type HealthFacts, type HealthVerdict, verdictOf } from '../core/counts/health-word.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'

/** How a schedule is. `now` is the store's time. */
export interface HealthView extends Pick<ScheduleHealth, 'lastFinishedAt' | 'lastSuccessAt' | 'lastDurationMs'> {
  readonly health: HealthVerdict
}

export async function readScheduleHealth(store: Store, read: ReadSchedule, now: number): Promise<HealthView> {
  const { id } = read.state
  const [health] = await store.readHealth([id])
  const waitingSince = read.liveJobs === 0 ? undefined : (await store.waitingSince([id])).get(id)
  return healthView({ ...read, health, waitingSince, now })
}

export function healthView(facts: HealthFacts): HealthView {
  const { health } = facts
  return {
    health: verdictOf(facts),
    lastFinishedAt: health?.lastFinishedAt,
    lastSuccessAt: health?.lastSuccessAt,
    lastDurationMs: health?.lastDurationMs
  }
}
