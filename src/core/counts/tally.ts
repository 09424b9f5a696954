import type { JobState } from '../job/job.ts'
import type { Outcome } from '../job/settle.ts'

/**
 * How attempts and jobs end, as they are counted. `completed` and `failed`: attempts. `discarded` and `cancelled`: jobs
 * that an attempt or a rescue has ended so. `lost`: attempts whose node was lost. `stale`: attempts whose report came
 * too late.
 */
export const jobOutcomes = ['completed', 'failed', 'discarded', 'cancelled', 'lost', 'stale'] as const
export type JobOutcome = (typeof jobOutcomes)[number]

/** Upper bounds of the buckets of waits and runs, in milliseconds: 10 ms to an hour. A 12th bucket has what is longer. */
export const TALLY_BOUNDS_MS = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 120_000, 600_000, 3_600_000] as const
const BUCKETS = TALLY_BOUNDS_MS.length + 1

/** What was counted in a span of time. */
export interface TallyCounts extends Readonly<Record<JobOutcome, number>> {
  /** The sum of all waits, from the time at which a job was due to its handler, in milliseconds. */
  readonly waitMs: number
  /** The sum of all runs of handlers, in milliseconds. */
  readonly runMs: number
  /** How many waits are in each of the 12 buckets. */
  readonly waits: readonly number[]
  /** How many runs are in each of the 12 buckets. */
  readonly runs: readonly number[]
}

/** What was counted of a task within a minute. */
export interface TaskTally extends TallyCounts {
  /** The beginning of the minute. */
  readonly at: number
  readonly task: string
}

/** While it is counted. */
export type CountingTally = { -readonly [Name in keyof TaskTally]: TaskTally[Name] } & {
  readonly waits: number[]
  readonly runs: number[]
}

export const MINUTE_MS = 60_000
export const minuteOf = (ms: number): number => ms - (ms % MINUTE_MS)

export const emptyTally = (at: number, task: string): CountingTally => ({
  at,
  task,
  completed: 0,
  failed: 0,
  discarded: 0,
  cancelled: 0,
  lost: 0,
  stale: 0,
  waitMs: 0,
  runMs: 0,
  waits: Array.from({ length: BUCKETS }, () => 0),
  runs: Array.from({ length: BUCKETS }, () => 0)
})

export function bucketOf(ms: number): number {
  let bucket = 0
  while (bucket < TALLY_BOUNDS_MS.length && ms > TALLY_BOUNDS_MS[bucket]!) bucket++
  return bucket
}

/** Counts an attempt that has run. */
export function addRun(tally: CountingTally, waitMs: number, runMs: number): void {
  tally.waitMs += waitMs
  tally.runMs += runMs
  tally.waits[bucketOf(waitMs)]! += 1
  tally.runs[bucketOf(runMs)]! += 1
}

export function addTally(to: CountingTally, counts: TallyCounts): void {
  for (const outcome of jobOutcomes) to[outcome] += counts[outcome]
  to.waitMs += counts.waitMs
  to.runMs += counts.runMs
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    to.waits[bucket]! += counts.waits[bucket]!
    to.runs[bucket]! += counts.runs[bucket]!
  }
}

/** What a count needs to know of an outcome. */
export type CountedEnd =
  | Pick<Extract<Outcome, { kind: 'failed' }>, 'kind' | 'retryAt'>
  | { readonly kind: Exclude<Outcome['kind'], 'failed'> }

/** What an accepted report counts as. `wasCancelled`: the attempt was asked to end since its job is cancelled. */
export function outcomesOfReport(
  outcome: CountedEnd,
  { wasCancelled, isAtMostOnce }: { readonly wasCancelled: boolean; readonly isAtMostOnce: boolean }
): readonly JobOutcome[] {
  if (outcome.kind === 'completed') return COMPLETED
  if (wasCancelled) return CANCELLED
  if (outcome.kind === 'failed') return outcome.retryAt === undefined || isAtMostOnce ? FAILED_FOR_GOOD : FAILED
  return isAtMostOnce ? DISCARDED : NONE
}

const NONE: readonly JobOutcome[] = []
const COMPLETED: readonly JobOutcome[] = ['completed']
const CANCELLED: readonly JobOutcome[] = ['cancelled']
const DISCARDED: readonly JobOutcome[] = ['discarded']
const FAILED: readonly JobOutcome[] = ['failed']
const FAILED_FOR_GOOD: readonly JobOutcome[] = ['failed', 'discarded']

/** What a rescue counts as. `state` is the job's new one. */
export const outcomesOfRescue = (state: JobState): readonly JobOutcome[] =>
  state === 'discarded' || state === 'cancelled' ? ['lost', state] : ['lost']

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What is older is dropped: a year can be compared with the one before, and a little more. */
export const TALLY_RETENTION_MS = 400 * DAY_MS

/** How old rows of each level become before they are added to those of the next one. */
const AGES_MS = [2 * HOUR_MS, DAY_MS, 30 * DAY_MS] as const

/** How long the spans of each level are. Level 0 has a row for each node, the others have the sums over all nodes. */
export const SPANS_MS = [MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS, HOUR_MS] as const

/** Rows of a level that begin earlier are added to those of the next level. */
export interface RollUp {
  readonly level: number
  readonly before: number
  /** Of the next level. */
  readonly spanMs: number
}

/**
 * Without nodes after 2 hours, by 10 minutes after a day, by the hour after 30 days. Only whole spans: so a span is not
 * shown twice, but for the moment between two batches.
 */
export const rollUpsAt = (now: number): RollUp[] =>
  AGES_MS.map((ageMs, level) => {
    const spanMs = SPANS_MS[level + 1]!
    return { level, before: spanStart(now - ageMs, spanMs), spanMs }
  })

export const spanStart = (ms: number, spanMs: number): number => ms - (ms % spanMs)
