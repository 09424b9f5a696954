import type { ErrorCode } from './errors.ts'
import type { JobState } from './job/job.ts'
import type { LedgerRow } from './schedule/ledger.ts'

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
  /** It was told to stop: it begins nothing more, and what it holds open may be closed now. Handlers have their grace. */
  'node.retired': { readonly nodeId: string; readonly running: number }
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
  /** The event loop was held up. Beyond the lease's TTL the node counts as dead. */
  'node.loop-blocked': {
    readonly nodeId: string
    readonly blockedMs: number
    /** Whose handlers held it, the longest first. Empty: it is not known, and need not have been a handler. */
    readonly tasks: readonly string[]
    /** Whether that was measured. If not, they came back right after it, which says much and proves nothing. */
    readonly isCertain: boolean
    /** Other tasks whose handlers had not ended: most of them were waiting. */
    readonly underWay: readonly string[]
  }
  /** The clock of the books shows another time than this process's monotonic clock: nothing is decided by it until it is believed. */
  'clock.jumped': { readonly nodeId: string; readonly byMs: number }
  /** `believed`: it has agreed for 15 s since then. `returned`: it shows the former time again. */
  'clock.settled': { readonly nodeId: string; readonly byMs: number; readonly outcome: 'believed' | 'returned' }
  /** Delays and retries that had been computed by a clock that ran ahead were shortened to what was asked for. */
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
    /** A live process of a newer deployment of the same release declares them otherwise. */
    readonly held: readonly string[]
    /** They belong to other apps. */
    readonly refused: readonly string[]
    /** A person removed them for good. */
    readonly removed: readonly string[]
  }
  /** A schedule was registered whose trigger has no fire time to come: it will never fire. `lastFireAt`: its last one, if it had any. */
  'schedule.ended': { readonly scheduleId: string; readonly lastFireAt: number | undefined }
  /** What of a schedule's trigger is likely to be meant otherwise than it is read here; told at each start. */
  'schedule.doubted': { readonly scheduleId: string; readonly doubt: string }
  /** A live process of the same release declares the schedule otherwise; this one's definition, the newer, was written. */
  'schedule.contested': { readonly scheduleId: string; readonly release: number }
  /** What this process declares is not what the books have, which are of a newer deployment. Told once for each change. */
  'schedule.differs': { readonly app: string; readonly release: number; readonly scheduleIds: readonly string[] }
  /** The id belongs to another app, whose schedule stays as it is; this process's is not in the books. */
  'schedule.refused': { readonly scheduleId: string; readonly app: string; readonly owner: string }
  /** This process names them, and they stay removed: a person removed them for good. Told at each start. */
  'schedule.kept-removed': { readonly app: string; readonly scheduleIds: readonly string[] }
  /** No code of the app names them any more. Told at each start. */
  'schedule.orphaned': {
    readonly app: string
    readonly scheduleIds: readonly string[]
    readonly policy: 'keep' | 'pause' | 'remove'
  }
  /** The same of an app without a name, which can't know whether they are another's. */
  'schedule.unnamed': { readonly scheduleIds: readonly string[] }
  /** No live process had named these orphans for long: under `orphans: 'pause'` or `'remove'` they fire no more. */
  'schedule.put-aside': { readonly scheduleIds: readonly string[]; readonly phase: 'paused' | 'removed' }
  /** A live process names them again: they go on. */
  'schedule.brought-back': { readonly scheduleIds: readonly string[] }
  /** This release cannot read the schedule's trigger: another one wrote it. The others go on. */
  'schedule.undecidable': { readonly scheduleId: string; readonly error: Error }
  /**
   * Next fire times were computed anew under this version of the time-zone data; `moved` of them are other than before.
   */
  'schedule.refreshed': { readonly schedules: number; readonly moved: number; readonly timezoneData: string }
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
  /** The attempt outran its time limit: its signal is being aborted. A handler that ends well after all completes the job. */
  'job.timed-out': JobFacts & { readonly timeoutMs: number }
  /** The store refuses this report for good: the attempt has failed instead, with this error among those of the job. */
  'job.report-refused': { readonly jobId: string; readonly outcome: string; readonly error: Error }
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
  /** The web app's handler threw, or answered nothing that is an answer; who asked got the status 500. */
  'request.failed': { readonly method: string; readonly path: string; readonly error: Error }
  /** A listener of `on()` threw, or rejected; told once for each. It goes on hearing, and the others hear all the same. */
  'listener.failed': { readonly event: string; readonly error: Error }
  /** A loop could not do its step; it goes on by itself. */
  'loop.failed': {
    readonly loop: string
    readonly error: Error
    readonly code: ErrorCode | undefined
    readonly retryMs: number
    readonly failures: number
  }
  /** It did it again, with work in it. */
  'loop.recovered': { readonly loop: string; readonly failures: number }
}

export type EventName = keyof EventMap
