import type { ScheduleHealth } from '../core/counts/health.ts'
import { type HealthVerdict, verdictOf } from '../core/counts/health-word.ts'
import { isFinished } from '../core/job/job.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'

/** Of a schedule with more jobs than this only the newest are looked at for one that waits. */
const JOBS_LOOKED_AT = 100

/** How a schedule is. `now` is the store's time. */
export interface HealthView extends Pick<ScheduleHealth, 'lastFinishedAt' | 'lastSuccessAt' | 'lastDurationMs'> {
  readonly health: HealthVerdict
}

export async function readScheduleHealth(store: Store, read: ReadSchedule, now: number): Promise<HealthView> {
  const { state, liveJobs } = read
  const [health] = await store.readHealth([state.id])
  const waitingSince = liveJobs === 0 ? undefined : await waitingSinceOf(store, state.id, now)
  return {
    health: verdictOf({ state, liveJobs, health, waitingSince, now }),
    lastFinishedAt: health?.lastFinishedAt,
    lastSuccessAt: health?.lastSuccessAt,
    lastDurationMs: health?.lastDurationMs
  }
}

async function waitingSinceOf(store: Store, scheduleId: string, now: number): Promise<number | undefined> {
  const { items } = await store.listJobs({ scheduleId }, { limit: JOBS_LOOKED_AT })
  const waiting = items.filter(job => !isFinished(job.state) && job.fence === undefined && job.runAt <= now)
  return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ runAt }) => runAt))
}
