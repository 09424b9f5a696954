import type { AlertRule } from '../rule.ts'
import type { LedgerRow } from '../../schedule/ledger.ts'
import type { ScheduleState } from '../../schedule/schedule.ts'

/** How the job of a fire time stands. `dropped`: it is not in the books, which completed jobs leave at once. */
export type FireEnd = 'unfinished' | 'succeeded' | 'failed' | 'cancelled' | 'dropped'

/** A schedule that may be in trouble, as the books have it. */
export interface ScheduleSight {
  readonly state: ScheduleState
  /** Its latest decisions, newest first. */
  readonly rows: readonly LedgerRow[]
  /** By the id of the job. */
  readonly ends: ReadonlyMap<string, FireEnd>
  /** Runs that have ended as completed and are still in the books, newest first, in milliseconds. */
  readonly durations: readonly number[]
  /** The end of the newest of them. */
  readonly lastEndedAt: number | undefined
}

/** A job of a schedule that no process has begun. */
export interface StartlessJob {
  readonly id: string
  readonly scheduleId: string
  readonly fireAt: number | undefined
  readonly runAt: number
  readonly task: string
  readonly queue: string
}

/** A job that was discarded. */
export interface DiscardSight {
  readonly id: string
  readonly task: string
  readonly scheduleId: string | undefined
  readonly fireAt: number | undefined
  readonly finishedAt: number
  /** The message of its last failure. */
  readonly problem: string | undefined
}

export interface RunningSight {
  readonly id: string
  readonly task: string
  readonly scheduleId: string | undefined
  readonly claimedAt: number
}

export interface NodeSight {
  readonly host: string
  readonly pid: number
  readonly roles: readonly string[]
  readonly tasks: readonly string[]
  readonly phase: 'alive' | 'left' | 'lost'
  readonly startedAt: number
  readonly renewedAt: number
}

export interface SeatSight {
  readonly seat: string
  readonly isHeld: boolean
  readonly ttlMs: number
  readonly renewedAt: number
}

/** The oldest job that is due in one task and queue, and has not been claimed. */
export interface LaneSight {
  readonly task: string
  readonly queue: string
  readonly runAt: number
}

/** A fault that a process or a channel has now. */
export interface FaultSight {
  readonly subject: string
  readonly why: string
  readonly since: number
}

/** What the rules judge: the books at one instant, bounded. */
export interface BooksSeen {
  /** The store's time. */
  readonly now: number
  /** The rules look at nothing that happened earlier than the look before, with a margin for late commits. */
  readonly from: number
  /** Since when somebody looks, and the clock is believed. Waits are measured from here at the earliest. */
  readonly calmFrom: number
  /** The earliest next fire time of all schedules. */
  readonly nextDueAt: number | undefined
  readonly leaseTtlMs: number
  /** Schedules that are due and undecided, earliest first. */
  readonly due: readonly ScheduleState[]
  readonly schedules: readonly ScheduleSight[]
  readonly startless: readonly StartlessJob[]
  readonly discards: readonly DiscardSight[]
  readonly running: readonly RunningSight[]
  readonly endless: readonly ScheduleState[]
  readonly orphans: readonly ScheduleState[]
  readonly nodes: readonly NodeSight[]
  readonly seats: readonly SeatSight[]
  readonly lanes: readonly LaneSight[]
  /** From each paused queue to when it was paused. */
  readonly pausedQueues: ReadonlyMap<string, number>
  /** Unfinished jobs that wait, by queue. Undefined: they were not counted. */
  readonly depths: ReadonlyMap<string, number> | undefined
  readonly clockJump: { readonly byMs: number; readonly at: number } | undefined
  readonly errors: readonly FaultSight[]
  readonly channels: readonly FaultSight[]
  /** What is open already, as `keyOf` writes it. */
  readonly open: ReadonlySet<string>
  /** Rules of which there is more than was read. */
  readonly unsure: ReadonlySet<AlertRule>
}

/** Names hold no control characters, so two pairs never make the same key. */
export const keyOf = ({ rule, subject }: { readonly rule: string; readonly subject: string }): string =>
  `${rule}\n${subject}`

/** A node renews, as far as this look at the books can tell. */
export const renews = (node: NodeSight, now: number, leaseTtlMs: number): boolean =>
  node.phase === 'alive' && node.renewedAt >= now - Math.max(2 * leaseTtlMs, 30_000)
