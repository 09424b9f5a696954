import type { NewAuditEntry } from '../core/access/audit.ts'
import type { Incident } from '../core/alerts/incident.ts'
import type { Notice, NoticeForChannel } from '../core/alerts/notice.ts'
import type { DiscardSight, FaultSight, LaneSight, StartlessJob } from '../core/alerts/rules/books-seen.ts'
import type { ReadSchedule } from './schedules.ts'

/** A look at the books that one process does for all. */
export interface AlertPass {
  /** Grows with each pass: the fence of what the pass writes. */
  readonly number: number
  readonly beganAt: number
  /** When a pass was last finished. Undefined: none ever was. */
  readonly finishedAt: number | undefined
  /** What the last finished pass left for the next one, as JSON. */
  readonly memory: string | undefined
}

/** Everything that a pass writes, at once. */
export interface PassWrite {
  readonly number: number
  readonly opened: readonly Incident[]
  readonly changed: readonly Incident[]
  readonly notices: readonly NoticeForChannel[]
  readonly memory: string
  /** Incidents and notices that were over earlier are dropped, at most 1,000 of each. */
  readonly dropIncidentsBefore: number
  readonly dropNoticesBefore: number
}

export interface NoticeClaim {
  /** The channels of this process. */
  readonly channels: readonly string[]
  readonly limit: number
  /** For so long nobody else gets them. A process that dies with one leaves it to the next, under the same id. */
  readonly holdMs: number
}

/** A notice that is to be sent now, by this process. */
export interface ClaimedNotice {
  readonly notice: Notice
  readonly channel: string
  readonly fence: number
  /** How often it was tried before. */
  readonly tries: number
}

/** What happened to a claimed notice. Without `retryAt` after a problem it is given up. */
export interface NoticeReport extends Pick<ClaimedNotice, 'fence'> {
  readonly id: string
  /** Undefined: it was sent. */
  readonly problem: string | undefined
  readonly retryAt?: number | undefined
}

/** What waits to be claimed, without counting it. */
export interface Waiting {
  readonly lanes: readonly LaneSight[]
  readonly pausedQueues: ReadonlyMap<string, number>
}

export interface AlertStore {
  /**
   * Begins a pass if the last one began `everyMs` ago or earlier, or later than now. Of all processes that ask, one
   * gets it.
   */
  takePass(everyMs: number): Promise<AlertPass | undefined>
  /** The pass that was begun last. Its number is 0 if none ever was. */
  readPass(): Promise<AlertPass>
  /**
   * Writes what a pass has found, and finishes it. `stale`: another pass has begun since, this one was written already,
   * or an incident would be the second open one of its rule and subject; then nothing is written. Acknowledgements
   * stay, but those of incidents that are opened again.
   */
  writePass(write: PassWrite): Promise<'written' | 'stale'>
  /** Those that are open, that ended at `resolvedFrom` or later, or whose end the channels have yet to be told. */
  readIncidents(resolvedFrom: number): Promise<readonly Incident[]>
  /**
   * A process reports a trouble of its own: opens the incident unless one of its rule and subject is open, and notes
   * that it lasts.
   */
  reportIncident(incident: Incident): Promise<void>
  /** False: there is no such incident, or it is over. Else the entry of the audit is written with it. */
  acknowledgeIncident(id: string, by: string, audit?: NewAuditEntry): Promise<boolean>
  /** Takes due notices of these channels, the oldest first, each under a new fence. */
  claimNotices(claim: NoticeClaim): Promise<readonly ClaimedNotice[]>
  /** False: somebody else has claimed it since, or it is over. */
  settleNotice(report: NoticeReport): Promise<boolean>
  /** Channels with notices that were tried in vain at least so often, and still wait. */
  troubledChannels(tries: number): Promise<readonly FaultSight[]>
  /** The oldest due job of each task and queue, and the paused queues. */
  readWaiting(): Promise<Waiting>
  /** Jobs of schedules that might run since before an instant and were never claimed, the oldest first. */
  startlessJobs(before: number, limit: number): Promise<readonly StartlessJob[]>
  /** Schedules of the newest decisions since an instant that were `misfired` or `overlapped`, of at most so many rows. */
  schedulesThatMissed(from: number, limit: number): Promise<readonly string[]>
  /** Jobs that were discarded since an instant, newest first. */
  discardedJobs(from: number, limit: number): Promise<readonly DiscardSight[]>
  /** Active schedules without a next fire time, in the order of their ids. */
  endlessSchedules(limit: number): Promise<readonly ReadSchedule[]>
}
