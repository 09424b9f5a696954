import type { NoticeKind } from './alerts/notice.ts'
import type { AlertRule } from './alerts/rule.ts'
import type { InMs } from './dated.ts'
import type { ErrorCode } from './errors.ts'
import type { JobState } from './job/job.ts'
import type { LedgerView } from './schedule/ledger.ts'

/** The job that an event is about. */
export interface JobFacts {
  readonly jobId: string
  readonly task: string
  readonly queue: string
  readonly scheduleId: string | undefined
  readonly fireAt: Date | undefined
  readonly attempt: number
}

/** Facts with an error of an app's handler. */
export interface SealedFacts {
  /**
   * The name of the codec that seals the errors of the task, if it has one. The error may then say what nobody should
   * read: the books and the log leave it out.
   */
  readonly sealedBy: string | undefined
}

/**
 * Facts in the past tense, as listeners get them. Each is emitted after its commit; `job.started` as the handler is
 * entered.
 */
export interface EventMap {
  'node.started': {
    readonly nodeId: string
    readonly roles: readonly string[]
    readonly rolesFrom: string
    readonly store: string
  }
  /**
   * The node is stopping and begins nothing more. Resources that it shares may be closed. Handlers have their grace.
   */
  'node.retired': { readonly nodeId: string; readonly running: number }
  'node.stopped': { readonly nodeId: string; readonly givenBack: number; readonly leftRunning: number }
  /** Renewals failed for a TTL: the handlers' signals were aborted, and the node continues under a new identity. */
  'node.lease-lost': { readonly nodeId: string; readonly running: number }
  /** Another node did not renew for a TTL, and this one declared it lost. */
  'node.declared-lost': { readonly nodeId: string; readonly host: string; readonly pid: number }
  /** A second Escapement on the same store was started in this process. The first took over its tasks and schedules. */
  'node.joined-by-second': {
    readonly nodeId: string
    readonly tasks: readonly string[]
    readonly schedules: readonly string[]
  }
  /** The event loop was blocked. Beyond the lease's TTL the node counts as dead. */
  'node.loop-blocked': {
    readonly nodeId: string
    readonly blockedMs: number
    /** The tasks whose handlers blocked it, longest first. Empty: unknown, and it may not have been a handler. */
    readonly tasks: readonly string[]
    /** Whether that was measured. If not, these handlers returned right after the block: likely, but no proof. */
    readonly isCertain: boolean
    /** Other tasks with handlers under way. Most of these were waiting. */
    readonly underWay: readonly string[]
  }
  /**
   * A migration waits for nodes of an earlier release: they may have died without leaving, and count as dead after
   * standing still for `forMs`.
   */
  'books.watching': { readonly nodes: readonly string[]; readonly forMs: number }
  /** The store's clock jumped against this process's monotonic clock. Nothing is decided by it until it is believed. */
  'clock.jumped': { readonly nodeId: string; readonly byMs: number }
  /** `believed`: the clock has agreed for 15 s since the jump. `returned`: it shows the old time again. */
  'clock.settled': { readonly nodeId: string; readonly byMs: number; readonly outcome: 'believed' | 'returned' }
  /** Delays and retries that a clock ahead of time had computed were shortened to what was asked for. */
  'jobs.hastened': { readonly count: number }
  /** This process holds the seat from now on, under this term. */
  'seat.elected': { readonly seat: string; readonly term: number; readonly host: string; readonly pid: number }
  /** This process no longer holds the seat: it resigned, could not renew in time, or another process took the seat. */
  'seat.deposed': { readonly seat: string; readonly term: number; readonly why: 'resigned' | 'expired' | 'taken' }
  /** A callback of the app about its seat threw. The seat is held or given up regardless. */
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
    /** A live process of a newer deployment of the same release declares them differently. */
    readonly held: readonly string[]
    /** Owned by other apps. */
    readonly refused: readonly string[]
    /** Removed for good by a person. */
    readonly removed: readonly string[]
  }
  /** A registered schedule will never fire: its trigger has no future fire time. `lastFireAt`: its last one, if any. */
  'schedule.ended': { readonly scheduleId: string; readonly lastFireAt: Date | undefined }
  /** A schedule's trigger is valid, but probably means something else. Emitted at each start. */
  'schedule.doubted': { readonly scheduleId: string; readonly doubt: string }
  /** A live process of the same release declares the schedule differently. This one's newer definition was written. */
  'schedule.contested': { readonly scheduleId: string; readonly release: number }
  /** The books have other definitions than this process, from a newer deployment. Emitted once for each change. */
  'schedule.differs': { readonly app: string; readonly release: number; readonly scheduleIds: readonly string[] }
  /**
   * The id belongs to another app, or to calls of an app (`schedules.put`). That schedule stays unchanged, and this
   * process's schedule is not in the books.
   */
  'schedule.refused': {
    readonly scheduleId: string
    readonly app: string
    /** The app that has it. */
    readonly owner: string
    readonly ownedBy: 'code' | 'calls'
  }
  /** This process names them, but they stay removed: a person removed them for good. Emitted at each start. */
  'schedule.kept-removed': { readonly app: string; readonly scheduleIds: readonly string[] }
  /** No code of the app names them any more. Emitted at each start. */
  'schedule.orphaned': {
    readonly app: string
    readonly scheduleIds: readonly string[]
    readonly policy: 'keep' | 'pause' | 'remove'
  }
  /** The same for an app without a name: the schedules may belong to another app. */
  'schedule.unnamed': { readonly scheduleIds: readonly string[] }
  /** No live process has named these orphans for 10 minutes: `orphans: 'pause'` or `'remove'` was applied to them. */
  'schedule.put-aside': { readonly scheduleIds: readonly string[]; readonly phase: 'paused' | 'removed' }
  /** A live process names them again: they continue. */
  'schedule.brought-back': { readonly scheduleIds: readonly string[] }
  /** This release cannot read the schedule's trigger, which another release wrote. Other schedules continue. */
  'schedule.undecidable': { readonly scheduleId: string; readonly error: Error }
  /** Next fire times were computed again under this version of the time-zone data. `moved`: how many changed. */
  'schedule.refreshed': { readonly schedules: number; readonly moved: number; readonly timezoneData: string }
  /**
   * Decisions about future fire times, made under a clock that ran ahead, were taken back. `undecided`: how many fire
   * times are open again. Those that had fired stay fired, and do not fire again at their time.
   */
  'schedule.undecided': {
    readonly scheduleId: string
    readonly decidedUntil: Date
    readonly undecided: number
    readonly stayFired: number
    readonly nextFireAt: Date | undefined
  }
  'schedule.decided': { readonly scheduleId: string; readonly rows: readonly LedgerView[] }
  'job.started': JobFacts & { readonly lateMs: number }
  'job.completed': JobFacts & { readonly durationMs: number; readonly lateMs: number }
  'job.failed': JobFacts &
    SealedFacts & { readonly durationMs: number; readonly error: Error; readonly retryAt: Date | undefined }
  /** The job failed for good: no attempts left, a failure that forbids a retry, or an at-most-once job. */
  'job.discarded': JobFacts & SealedFacts & { readonly error: Error }
  'job.cancelled': JobFacts
  /** The handler put the job off until this instant. The attempt is not counted. */
  'job.snoozed': JobFacts & { readonly runAt: Date }
  /** The handler's result is not strict JSON, and was not kept. The job is completed regardless. */
  'job.result-unkept': JobFacts & { readonly problem: string }
  /** A report was rejected, since a later attempt, a rescue or an operator had changed the job. Nothing was written. */
  'job.stale': JobFacts & { readonly outcome: string }
  /** The attempt exceeded its time limit, and its signal is being aborted. If it still succeeds, the job completes. */
  'job.timed-out': JobFacts & { readonly timeoutMs: number }
  /** The store can never take this report: the attempt failed instead, and this error is among those of the job. */
  'job.report-refused': { readonly jobId: string; readonly outcome: string; readonly error: Error }
  /** A handler was still running when the grace after its aborted signal had passed. Its writes are refused. */
  'job.hung': JobFacts & { readonly graceMs: number }
  'job.rescued': {
    readonly jobId: string
    readonly task: string
    readonly scheduleId: string | undefined
    readonly fromNode: string
    readonly state: JobState
  }
  /** Something that this job's handler left behind threw an exception that nothing caught. */
  'job.crashed-process': SealedFacts & { readonly jobId: string; readonly error: Error }
  /** Something is wrong by a rule of the alerts. Emitted in the process that found it. */
  'alert.opened': {
    readonly incidentId: string
    readonly rule: AlertRule
    readonly subject: string
    readonly why: string
  }
  /** It is no longer wrong. */
  'alert.resolved': {
    readonly incidentId: string
    readonly rule: AlertRule
    readonly subject: string
    readonly lastedMs: number
  }
  /** A channel has taken a notice. */
  'alert.sent': { readonly channel: string; readonly noticeId: string; readonly kind: NoticeKind }
  /** A channel could not send a notice. Without `retryAt` it is given up, after 24 h. */
  'alert.unsent': {
    readonly channel: string
    readonly noticeId: string
    readonly error: Error
    readonly retryAt: Date | undefined
  }
  /** The address of the heartbeat could not be called, or refused it. */
  'alert.heartbeat-failed': { readonly error: Error }
  /** The web app's handler threw, or returned no response. The client got the status 500. */
  'request.failed': { readonly method: string; readonly path: string; readonly error: Error }
  /** A listener of `on()` threw or rejected. Emitted once per listener, which stays subscribed, as do the others. */
  'listener.failed': { readonly event: string; readonly error: Error }
  /** A step of a loop failed. The loop retries by itself. */
  'loop.failed': {
    readonly loop: string
    readonly error: Error
    readonly code: ErrorCode | undefined
    readonly retryMs: number
    readonly failures: number
  }
  /** The loop works again, and did a step that had work in it. */
  'loop.recovered': { readonly loop: string; readonly failures: number }
}

/** The name of an event, for `on()`. */
export type EventName = keyof EventMap

/** The facts of an event as they are emitted: its instants are epoch milliseconds. */
export type Emitted<Name extends EventName> = InMs<EventMap[Name]>
