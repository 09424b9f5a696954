import { EscapementError } from '../core/errors.ts'
import type { ReadSchedule } from '../store/schedules.ts'

export const unknownJob = (id: string): EscapementError =>
  new EscapementError('job-unknown', `There is no job with the id ${JSON.stringify(id)}.`)

export const onlyOnce = (id: string): EscapementError =>
  new EscapementError(
    'job-at-most-once',
    `The job ${id} is to run at most once; a retry may do its work a second time, and needs { again: true }.`
  )

/** @throws EscapementError `schedule-overlapping` */
export function assertRoom({ state, liveJobs }: ReadSchedule): void {
  const { overlap, maxInstances } = state.definition
  if (overlap === 'allow' || liveJobs < maxInstances) return
  throw new EscapementError(
    'schedule-overlapping',
    `The schedule "${state.id}" has ${liveJobs} jobs that are not finished, and maxInstances is ${maxInstances}.`
  )
}
