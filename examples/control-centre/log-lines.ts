import type { Escapement } from 'escapement'

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)}s`

/** A line as each job starts, and one as it ends, with how long it took. */
export function logJobs(escapement: Escapement): void {
  escapement.on('job.started', ({ task }) => console.log(`Starting ${task}`))
  escapement.on('job.completed', ({ task, durationMs }) =>
    console.log(`${task} completed successfully in ${seconds(durationMs)}`)
  )
  escapement.on('job.failed', ({ task, durationMs, error }) =>
    console.error(`${task} failed after ${seconds(durationMs)}: ${error.message}`)
  )
}
