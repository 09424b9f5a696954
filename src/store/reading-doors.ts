import { aText, aTextToFind, oneOf, wholeNumber } from '../core/options/forms.ts'
import { jobStates } from '../core/job/job.ts'
import { nearestName } from '../core/options/nearest.ts'
import { checkOptions, door } from '../core/options/options.ts'
import type { JobFilter, PageRequest } from './reading.ts'

/** Names of states in other libraries, with ours. */
const otherWords: Readonly<Record<string, string>> = {
  failed: '"discarded" for those that failed for good, "retryable" for those that are tried again',
  error: '"discarded" for those that failed for good, "retryable" for those that are tried again',
  dead: '"discarded"',
  pending: '"available", or "scheduled" for those that are not due',
  waiting: '"available", or "scheduled" for those that are not due',
  queued: '"available"',
  created: '"available"',
  ready: '"available"',
  delayed: '"scheduled"',
  active: '"running"',
  started: '"running"',
  executing: '"running"',
  retry: '"retryable"',
  retrying: '"retryable"',
  done: '"completed"',
  success: '"completed"',
  succeeded: '"completed"',
  finished: '"completed", "cancelled" or "discarded"'
}

function stateCure(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'Ask for one state at a time.'
  if (typeof value !== 'string') return undefined
  const word = value.toLowerCase()
  if (Object.hasOwn(otherWords, word)) return `Write ${otherWords[word]}.`
  const nearest = nearestName(value, jobStates)
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`
}

const filterDoor = door<JobFilter>('options-invalid', {
  state: { ...oneOf(...jobStates), cure: stateCure },
  task: aTextToFind,
  queue: aTextToFind,
  scheduleId: aTextToFind
})

const pageDoor = door<PageRequest>('options-invalid', { limit: wholeNumber(1, 1_000), cursor: aText })

/**
 * Refuses an unknown filter, which would otherwise match all jobs.
 *
 * @throws EscapementError `options-invalid`
 */
export function checkJobFilter(filter: JobFilter, who = 'jobs.list(): the filter'): void {
  checkOptions(who, filter, filterDoor)
}

/** @throws EscapementError `options-invalid` */
export const checkPage = (page: Partial<PageRequest>): void => checkOptions('jobs.list(): the page', page, pageDoor)
