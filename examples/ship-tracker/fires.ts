import type { Escapement } from 'escapement'
import type { Upcoming } from './page.ts'
import type { FireLine } from './runs.ts'

/** The schedules and when they fire next. */
export async function upcoming(app: Escapement): Promise<Upcoming[]> {
  const schedules = await app.schedules.list()
  return schedules.map(({ id, nextFireAt, pausedAt }) => ({
    id,
    nextFireAt: epochMs(nextFireAt),
    pausedAt: epochMs(pausedAt)
  }))
}

/** What the ledger says of the latest fire times of every schedule, newest first. */
export async function latestFires(app: Escapement, limit: number): Promise<FireLine[]> {
  const schedules = await app.schedules.list()
  const rows = await Promise.all(schedules.map(({ id }) => app.schedules.ledger(id, { limit })))
  const latest = rows
    .flat()
    .toSorted((a, b) => b.lastFireAt.getTime() - a.lastFireAt.getTime())
    .slice(0, limit)
  return Promise.all(
    latest.map(async ({ fireAt, lastFireAt, count, outcome, jobId }) => {
      const job = jobId === undefined ? undefined : await app.jobs.get(jobId)
      return {
        fireAt: fireAt.getTime(),
        lastFireAt: lastFireAt.getTime(),
        count,
        outcome,
        jobState: job?.state ?? null
      }
    })
  )
}

function epochMs(at: Date | undefined): number | null {
  return at?.getTime() ?? null
}
