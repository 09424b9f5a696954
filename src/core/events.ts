import type { ErrorCode } from './errors.ts'
import type { JobState } from './job.ts'
import type { LedgerRow } from './ledger.ts'

/** What an event says of the job it is about. */
export interface JobFacts {
  readonly jobId: string
  readonly task: string
  readonly queue: string
  readonly scheduleId: string | undefined
  readonly fireAt: number | undefined
  readonly attempt: number
}

/** Facts in the past tense, told after they were committed (those of `job.started` as the handler is entered). */
export interface EventMap {
  'node.started': {
    readonly nodeId: string
    readonly roles: readonly string[]
    readonly rolesFrom: string
    readonly store: string
  }
  'node.stopped': { readonly nodeId: string; readonly givenBack: number; readonly leftRunning: number }
  /** Renewals failed for a TTL: the handlers' signals were aborted, and the node goes on under a new identity. */
  'node.lease-lost': { readonly nodeId: string; readonly running: number }
  /** This node has seen another one stand still for a TTL, and declared it lost. */
  'node.declared-lost': { readonly nodeId: string; readonly host: string; readonly pid: number }
  /** A second Escapement on the same store was started in this process; the first took over what it brought. */
  'node.joined-by-second': {
    readonly nodeId: string
    readonly tasks: readonly string[]
    readonly schedules: readonly string[]
  }
  /** The event loop was held up; `tasks` ran at that time. Beyond the lease's TTL the node counts as dead. */
  'node.loop-blocked': { readonly nodeId: string; readonly blockedMs: number; readonly tasks: readonly string[] }
  /** The clock of the books shows another time than this process's monotonic clock: nothing is decided by it until it is believed. */
  'clock.jumped': { readonly nodeId: string; readonly byMs: number }
  /** `believed`: it has agreed for 15 s since then. `returned`: it shows the former time again. */
  'clock.settled': { readonly nodeId: string; readonly byMs: number; readonly outcome: 'believed' | 'returned' }
  /** Delays and retries that had been reckoned by a clock that ran ahead were shortened to what was asked for. */
  'jobs.hastened': { readonly count: number }
  /** This process holds the seat from now on, under this term. */
  'seat.elected': { readonly seat: string; readonly term: number; readonly host: string; readonly pid: number }
  /** It does so no longer: it resigned, could not renew in time, or the seat was taken from it. */
  'seat.deposed': { readonly seat: string; readonly term: number; readonly why: 'resigned' | 'expired' | 'taken' }
  /** What an app had to do about its seat threw; the seat is held or given up all the same. */
  'seat.callback-failed': {
    readonly seat: string
    readonly term: number
    readonly callback: 'onElected' | 'onDeposed'
    readonly error: Error
  }
  'schedule.registered': {
    readonly created: number
    readonly changed: number
    readonly unchanged: number
    readonly outranked: readonly string[]
  }
  /** Two deployments of one release disagree about a schedule; the later one was written. */
  'schedule.contested': { readonly scheduleId: string; readonly release: number }
  'schedule.orphaned': { readonly scheduleIds: readonly string[] }
  /** This release cannot read the schedule's trigger: another one wrote it. The others go on. */
  'schedule.undecidable': { readonly scheduleId: string; readonly error: Error }
  /**
   * What had been decided until an instant that is still to come, under a clock that ran ahead, was taken back: so many
   * fire times are undecided again. Those that fired stay so, and are passed over when they come.
   */
  'schedule.undecided': {
    readonly scheduleId: string
    readonly decidedUntil: number
    readonly undecided: number
    readonly stayFired: number
    readonly nextFireAt: number | undefined
  }
  'schedule.decided': { readonly scheduleId: string; readonly rows: readonly LedgerRow[] }
  'job.started': JobFacts & { readonly lateMs: number }
  'job.completed': JobFacts & { readonly durationMs: number; readonly lateMs: number }
  'job.failed': JobFacts & { readonly durationMs: number; readonly error: Error; readonly retryAt: number | undefined }
  /** The job's latest failure was its last: no attempts left, a failure that forbids a retry, or at-most-once. */
  'job.discarded': JobFacts & { readonly error: Error }
  'job.cancelled': JobFacts
  /** What the handler returned is not strict JSON, and was not kept; the job is completed all the same. */
  'job.result-unkept': JobFacts & { readonly problem: string }
  /** A report was rejected: a later attempt, a rescue or an operator had changed the job. Nothing was written. */
  'job.stale': JobFacts & { readonly outcome: string }
  /** A handler outlived its aborted signal by the grace; its attempt is fenced off, but it still runs. */
  'job.hung': JobFacts & { readonly graceMs: number }
  'job.rescued': {
    readonly jobId: string
    readonly task: string
    readonly scheduleId: string | undefined
    readonly fromNode: string
    readonly state: JobState
  }
  /** An exception that nothing caught came from something that this job's handler had left behind. */
  'job.crashed-process': { readonly jobId: string; readonly error: Error }
  /** A loop could not do its step; it goes on by itself. */
  'loop.failed': {
    readonly loop: string
    readonly error: Error
    readonly code: ErrorCode | undefined
    readonly retryMs: number
    readonly failures: number
  }
  'loop.recovered': { readonly loop: string; readonly failures: number }
}

export type EventName = keyof EventMap
