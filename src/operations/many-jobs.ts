import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AuditAction, NewAuditEntry } from '../core/access/audit.ts'
import { aBy, type By, type ChangeOptions, type Stamp, stampOf } from '../core/access/by.ts'
import { EscapementError, isEscapementError } from '../core/errors.ts'
import { isFinished, type Job, type JobState, jobStates } from '../core/job/job.ts'
import { aText, wholeNumber } from '../core/options/forms.ts'
import { describe } from '../core/options/names.ts'
import { checkOptions, door } from '../core/options/options.ts'
import { checkJobFilter } from '../store/reading-doors.ts'
import type { JobFilter } from '../store/reading.ts'
import type { Store } from '../store/store.ts'
import type { Operator } from './operator.ts'

/** How far one call goes. */
export interface ManyOptions extends ChangeOptions {
  /**
   * How many jobs to look at, 1 to 100,000.
   * @default 10,000
   */
  readonly limit?: number
  /**
   * Where an earlier call with the same filter ended.
   * @default at the newest job
   */
  readonly cursor?: string
}

/** What happened to the jobs that a call looked at. */
export interface ManyAnswer {
  /** How many jobs were changed. */
  readonly done: number
  /** How many were left as they are: they had changed meanwhile, or may not be changed. */
  readonly left: number
  /** For the next call; undefined: there are no more such jobs. */
  readonly cursor: string | undefined
}

const manyDoor = door<ManyOptions>('options-invalid', {
  limit: wholeNumber(1, 100_000),
  cursor: aText,
  by: aBy
})
const DEFAULT_LIMIT = 10_000
/** So many jobs are read at a time, and cancelled or deleted in one write. */
const BATCH = 100

/** What is done to many jobs. */
export interface Deed {
  /** The call, for errors. */
  readonly who: string
  /** The states of the jobs that it applies to, in the order in which they are looked for. */
  readonly states: readonly JobState[]
  /** Whether the filter must name one of the states. */
  readonly needsState: boolean
  /** Returns how many of the jobs were changed. */
  readonly apply: (jobs: readonly Job[], books: BooksToChange, stamp: Stamp) => Promise<number>
}

interface BooksToChange {
  readonly store: Store
  readonly operator: Operator
}

const idsOf = (jobs: readonly Job[]): string[] => jobs.map(({ id }) => id)

const entriesOf = (jobs: readonly Job[], { operator }: BooksToChange, about: [Stamp, AuditAction]): NewAuditEntry[] =>
  jobs.map(job => operator.entryOfJob(...about, job))

const finished = jobStates.filter(isFinished)

/** Those that run come last, so that one which is claimed meanwhile is found. */
export const cancelling: Deed = {
  who: 'jobs.cancelMany()',
  states: ['scheduled', 'retryable', 'available', 'running'],
  needsState: false,
  apply: async (jobs, books, stamp) =>
    count(
      await books.store.cancel(idsOf(jobs), entriesOf(jobs, books, [stamp, 'job.cancel'])),
      answer => answer === 'cancelled' || answer === 'requested'
    )
}

export const deleting: Deed = {
  who: 'jobs.deleteMany()',
  states: finished,
  needsState: true,
  apply: async (jobs, books, stamp) =>
    count(
      await books.store.deleteJobs(idsOf(jobs), entriesOf(jobs, books, [stamp, 'job.delete'])),
      answer => answer === 'deleted'
    )
}

export const retrying: Deed = {
  who: 'jobs.retryMany()',
  states: finished,
  needsState: true,
  apply: async (jobs, { operator }, stamp) => {
    let done = 0
    for (const { id } of jobs) if (await isRetried(operator, id, stamp)) done += 1
    return done
  }
}

const count = <T>(answers: readonly T[], isDone: (answer: T) => boolean): number => answers.filter(isDone).length

/** A job that may not be retried does not keep the others from it. */
async function isRetried(operator: Operator, id: string, stamp: Stamp): Promise<boolean> {
  try {
    await operator.retryAs(stamp, id)
    return true
  } catch (error) {
    const codes = [
      'job-unknown',
      'job-not-finished',
      'job-at-most-once',
      'schedule-overlapping',
      'payload-redacted'
    ] as const
    if (codes.some(code => isEscapementError(error, code))) return false
    throw error
  }
}

/**
 * Applies the deed to the jobs of a filter, newest first, 100 at a time. A call that fails has done a part; the same call
 * does the rest, since what was changed is no longer in the filter's state.
 *
 * @throws EscapementError `options-invalid`
 */
export async function doToMany(books: BooksToChange, deed: Deed, order: ManyOrder): Promise<ManyAnswer> {
  const { store } = books
  const { filter, limit, cursor } = order
  const stamp = stampOf(order.by, order.bulkId ?? books.operator.newId())
  const states = filter.state === undefined ? deed.states : [filter.state]
  let [place, after] = placeOf(cursor, states, deed.who)
  let [done, seen] = [0, 0]
  while (place < states.length && seen < limit) {
    const page = { limit: Math.min(BATCH, limit - seen), cursor: after }
    const { items, cursor: next } = await store.listJobs({ ...filter, state: states[place]! }, page)
    if (items.length > 0) done += await deed.apply(items, books, stamp)
    seen += items.length
    after = next
    if (next === undefined) place += 1
    await nextTurn()
  }
  return { done, left: seen - done, cursor: place === states.length ? undefined : `${states[place]}:${after ?? ''}` }
}

export interface ManyOrder {
  readonly filter: JobFilter
  readonly limit: number
  readonly cursor: string | undefined
  readonly by?: By | undefined
  /** What the entries of the audit have in common; by default a new one. */
  readonly bulkId?: string | undefined
}

/** Read and checked within the call. */
export function orderOfMany(
  { who, states, needsState }: Deed,
  filter: JobFilter,
  options: ManyOptions = {}
): ManyOrder {
  checkJobFilter(filter, `${who}: the filter`)
  checkOptions(who, options, manyDoor)
  const { state, task, queue, scheduleId } = filter
  const takes = states.map(each => `"${each}"`).join(', ')
  if (state === undefined && needsState)
    throw new EscapementError('options-invalid', `${who} got a filter without a state; it takes one of ${takes}.`)
  if (state !== undefined && !states.includes(state))
    throw new EscapementError('options-invalid', `${who} got the state ${describe(state)}; it takes one of ${takes}.`)
  if ([state, task, queue, scheduleId].every(each => each === undefined))
    throw new EscapementError(
      'options-invalid',
      `${who} got an empty filter, which is every job; it takes at least one of state, task, queue and scheduleId.`
    )
  const { limit = DEFAULT_LIMIT, cursor, by } = options
  return { filter: { state, task, queue, scheduleId }, limit, cursor, by: by && { ...by } }
}

function placeOf(
  cursor: string | undefined,
  states: readonly JobState[],
  who: string
): [place: number, after: string | undefined] {
  if (cursor === undefined) return [0, undefined]
  const [state, after] = cursor.split(':', 2)
  const place = states.indexOf(state as JobState)
  if (place >= 0 && after !== undefined) return [place, after === '' ? undefined : after]
  throw new EscapementError(
    'id-invalid',
    `${who} got the cursor ${describe(cursor)}; it takes the cursor of an earlier call with the same filter.`
  )
}
