import type { ScheduleHealth } from '../../core/counts/health.ts'

/** In the order in which both SQL stores read them. */
export const HEALTH_COLUMNS = 'schedule_id, last_finished_at, last_success_at, failures, last_duration_ms'

export type HealthRow = readonly [
  scheduleId: string,
  lastFinishedAt: number | null,
  lastSuccessAt: number | null,
  failures: number,
  lastDurationMs: number | null
]

export const healthOf = ([scheduleId, finishedAt, successAt, failures, durationMs]: HealthRow): ScheduleHealth => ({
  scheduleId,
  lastFinishedAt: finishedAt ?? undefined,
  lastSuccessAt: successAt ?? undefined,
  failuresInRow: failures,
  lastDurationMs: durationMs ?? undefined
})
