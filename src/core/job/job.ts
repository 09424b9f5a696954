import type { SealedJson } from '../payload/sealed.ts'

/**
 * A job is one durable request to run a task.
 *
 *     scheduled ─due─▶ available ─claim─▶ running ─settle─▶ completed · discarded · cancelled
 *                          ▲                 │
 *                          └─due─ retryable ◀┘  (a give-back or a rescue leads straight back to available)
 */
export const jobStates = [
  'scheduled',
  'available',
  'running',
  'retryable',
  'completed',
  'cancelled',
  'discarded'
] as const
/** Where a job is on its way; `scheduled`, `available`, `running` and `retryable` are unfinished. */
export type JobState = (typeof jobStates)[number]

/** Why the job was created: a caller's request, a fire time, `runAtStart`, or an operator's "run now". */
export type JobOrigin = 'enqueue' | 'fire' | 'start' | 'manual'

/** `at-least-once`: runs again after a crash. `at-most-once`: never begins twice; a crash makes it `discarded`. */
export type Delivery = 'at-least-once' | 'at-most-once'

/**
 * A job as it enters a store. `payload` is JSON text; instants are epoch milliseconds.
 *
 * @experimental
 */
export interface NewJob {
  /** UUID, made by the caller, so that an enqueue whose response was lost can be repeated without a second job. */
  readonly id: string
  readonly task: string
  readonly queue: string
  /** -100 to 100; a lower number runs first. */
  readonly priority: number
  /** Not before this instant. Stores clamp an instant in the past to now. */
  readonly runAt: number
  readonly payload: string
  /** At most one job of the task holds it at a time. */
  readonly uniqueKey: string | undefined
  /** How long it holds the key, as `src/core/job/unique.ts` says; undefined: while it is unfinished. */
  readonly uniqueUntil?: number | undefined
  /** Not kept: where another job holds the key and has never been claimed, this one's values are written into it. */
  readonly replaces?: boolean | undefined
  readonly scheduleId: string | undefined
  /** The schedule's fire time that this job is for; only with origin `fire`. */
  readonly fireAt: number | undefined
  readonly origin: JobOrigin
  /** `runAt` was computed from a delay. It moves earlier if the clock turns out to have run ahead. */
  readonly isDelayed?: boolean
  /** Failures until the job is discarded; 1 or more. */
  readonly maxAttempts: number
  readonly delivery: Delivery
  /** How long the completed job is kept for people to see; 0 drops it at once. */
  readonly keepMs: number
}

/** `maxAttempts` of a job that is tried without end, in the books: the largest number that every store has a place for. */
export const UNLIMITED_ATTEMPTS = 2_147_483_647

/** `maxAttempts` as apps see it: Infinity for a job that is tried without end. */
export const attemptsLimit = (maxAttempts: number): number =>
  maxAttempts >= UNLIMITED_ATTEMPTS ? Infinity : maxAttempts

/** Identifies an attempt in every write: the job, and the fence of the claim. */
export interface AttemptKey {
  readonly id: string
  readonly fence: number
}

/** A claimed job: only what its attempt needs. */
export interface ClaimedJob extends AttemptKey {
  readonly task: string
  readonly queue: string
  /** Lower runs first. */
  readonly priority: number
  readonly payload: string
  readonly runAt: number
  readonly scheduleId: string | undefined
  readonly fireAt: number | undefined
  readonly delivery: Delivery
  /** Number of this attempt, from 1: one more than the failures so far. */
  readonly attempt: number
  readonly maxAttempts: number
  /** How often it was rescued from a dead node. Above 0 it runs alone. */
  readonly rescues: number
}

/** One failure of an attempt. A job keeps its newest `MAX_KEPT_FAILURES`. */
export interface Failure {
  readonly attempt: number
  readonly at: number
  readonly message: string
  readonly stack?: string
  readonly code?: string
  /** What the error had as its `cause`. */
  readonly cause?: InnerError
  /** The members of an `AggregateError`. */
  readonly errors?: readonly InnerError[]
  /** Message, stack and the errors behind it, sealed by the codec of the task. `message` then says so. */
  readonly sealed?: SealedJson
}

/** An error behind another one. A failure keeps 10 of them, 5 deep. */
export interface InnerError {
  /** At most 1,000 characters, with the name of the error if that says more than "Error". */
  readonly message: string
  readonly code?: string
  /** The first 1,000 characters. */
  readonly stack?: string
  readonly cause?: InnerError
  readonly errors?: readonly InnerError[]
}

export const MAX_KEPT_FAILURES = 10

/** A job as it is read back. */
export interface Job extends NewJob {
  readonly state: JobState
  readonly failures: number
  readonly rescues: number
  /** How often a handler has put it off. */
  readonly snoozes: number
  /** When one did so last, while the job waits for that. */
  readonly snoozedAt?: number | undefined
  readonly fence: number | undefined
  readonly node: string | undefined
  readonly createdAt: number
  readonly claimedAt: number | undefined
  /** Committed before the handler of an at-most-once job is entered. */
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  readonly cancelRequestedAt: number | undefined
  /** JSON. */
  readonly progress: string | undefined
  /** JSON. */
  readonly result: string | undefined
  /** Newest last. */
  readonly errors: readonly Failure[]
}

const finishedStates: ReadonlySet<JobState> = new Set(['completed', 'cancelled', 'discarded'])
export const isFinished = (state: JobState): boolean => finishedStates.has(state)
