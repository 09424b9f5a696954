import { randomUUID } from 'node:crypto'

import type { ScheduleHealth } from '../../core/counts/health.ts'
import type { TaskTally } from '../../core/counts/tally.ts'
import type { NodeTotal } from '../../core/counts/total.ts'
import type { AuditEntry } from '../../core/access/audit.ts'
import type { Session } from '../../core/access/session.ts'
import type { Token } from '../../core/access/token.ts'
import type { Incident } from '../../core/alerts/incident.ts'
import type { Notice } from '../../core/alerts/notice.ts'
import type { AttemptKey, Job } from '../../core/job/job.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../../core/schedule/schedule.ts'
import type { Outcome } from '../../core/job/settle.ts'
import type { AlertPass } from '../../store/alerts.ts'
import type { KnownSet } from '../../store/declarations.ts'
import type { NodeState } from '../../store/nodes.ts'
import type { Registration } from '../../store/schedules.ts'
import type { SeatState } from '../../store/seats.ts'
import type { AuditPlace } from '../../store/access/audit.ts'
import { EffectTable } from './effects.ts'
import type { Lane } from './jobs/lane.ts'
import { compareNumbers, compareTexts, SortedList } from './sorted-list.ts'

type DueKey = { readonly id: string; readonly nextFireAt?: number | undefined }
type FinishedKey = Pick<Job, 'id' | 'finishedAt' | 'keepMs'>

/** A notice and its way to its channel. */
interface KeptNotice {
  readonly notice: Notice
  readonly channel: string
  readonly dueAt: number
  readonly heldUntil: number
  readonly fence: number
  readonly tries: number
  readonly problem: string | undefined
  readonly endedAt: number | undefined
}

export interface AlertBooks {
  pass: AlertPass
  /** The number of the pass that was finished last. */
  finished: number
  readonly incidents: Map<string, Incident>
  readonly notices: Map<string, KeptNotice>
}

const emptyAlerts = (): AlertBooks => ({
  pass: { number: 0, beganAt: 0, finishedAt: undefined, memory: undefined },
  finished: 0,
  incidents: new Map(),
  notices: new Map()
})

/**
 * What a database file would hold: the data that all connections share. Rows are never changed but replaced, so a
 * reader may keep a row. Every row of `jobs` is also in the indexes of its state. Only `job-rows.ts` writes these.
 *
 * @experimental
 */
export interface MemoryBooks {
  id: string
  readonly schedules: Map<string, ScheduleState>
  /** Active schedules that have a next fire time, earliest first. */
  readonly due: SortedList<DueKey, ScheduleState>
  readonly timelines: Map<string, TimelineRow[]>
  readonly ledgers: Map<string, SortedList<Pick<LedgerRow, 'fireAt'>, LedgerRow>>
  readonly registrations: Map<string, Registration>

  readonly jobs: Map<string, Job>
  readonly lanes: Map<string, Lane>
  /** Per node, so that renewals and rescues don't look at the jobs of others. */
  readonly running: Map<string, Map<string, Job>>
  readonly unfinished: Map<string, Job>
  /** The number of unfinished jobs of each schedule. */
  readonly liveJobs: Map<string, number>
  /** From task and unique key to the id of the job that has it. */
  readonly uniqueKeys: Map<string, string>
  /** Ordered by when they may be dropped. */
  readonly completed: SortedList<FinishedKey, Job>
  /** Cancelled and discarded ones, ordered by when they ended. */
  readonly unsuccessful: SortedList<FinishedKey, Job>
  /** The last report of each job, until it is claimed again. */
  readonly reported: Map<string, AttemptKey & { readonly kind: Outcome['kind'] }>
  /** Per job, by name. */
  readonly steps: Map<string, Map<string, string>>
  /** From each paused queue to when it was paused. */
  readonly pausedQueues: Map<string, number>

  /** By app and hash. */
  readonly sets: Map<string, KnownSet>
  /** By task. */
  readonly redactions: Map<string, Set<string>>
  readonly nodes: Map<string, NodeState>
  /** When each node that is no longer alive ended. */
  readonly nodesEndedAt: Map<string, number>
  readonly seats: Map<string, SeatState>
  /** By node, kind, name and outcome. */
  readonly totals: Map<string, NodeTotal>
  /** By level, minute, task and node. */
  readonly tallies: Map<string, TaskTally & { readonly level: number }>
  /** By schedule. */
  readonly health: Map<string, ScheduleHealth>
  /** By id. Only `access/audit.ts` writes these two. */
  readonly audit: Map<string, AuditEntry>
  /** Oldest first. */
  readonly auditByAge: SortedList<AuditPlace, AuditEntry>
  readonly tokens: Map<string, Token>
  /** By the hash of their ids. */
  readonly sessions: Map<string, Session>
  readonly alerts: AlertBooks
  /** What transaction bodies write. */
  readonly effects: EffectTable
  /** One callback per open connection, called after the writes of the others. */
  readonly connections: Set<() => void>
  /** The greatest fence given out. */
  fence: number
  ledgerPrunedUntil: number | undefined
  /** The id of the export, and how many of its parts were imported. */
  imported: { readonly exportId: string; readonly parts: number } | undefined
}

/**
 * Empty books. `id` is their UUID; a repeatable simulation passes its own.
 *
 * @example
 * ```ts
 * const books = createMemoryBooks()
 * const nodes = [1, 2].map(n => new ManualNode({ books, tasks: [mail], newId: idSequence(n * 0x1000) }))
 * ```
 *
 * @experimental
 */
export function createMemoryBooks(id: string = randomUUID()): MemoryBooks {
  return {
    id,
    schedules: new Map(),
    due: new SortedList((a, b) => compareNumbers(a.nextFireAt!, b.nextFireAt!) || compareTexts(a.id, b.id)),
    timelines: new Map(),
    ledgers: new Map(),
    registrations: new Map(),
    jobs: new Map(),
    lanes: new Map(),
    running: new Map(),
    unfinished: new Map(),
    liveJobs: new Map(),
    uniqueKeys: new Map(),
    completed: new SortedList((a, b) => compareNumbers(expiryOf(a), expiryOf(b)) || compareTexts(a.id, b.id)),
    unsuccessful: new SortedList((a, b) => compareNumbers(a.finishedAt!, b.finishedAt!) || compareTexts(a.id, b.id)),
    reported: new Map(),
    steps: new Map(),
    pausedQueues: new Map(),
    sets: new Map(),
    redactions: new Map(),
    nodes: new Map(),
    nodesEndedAt: new Map(),
    seats: new Map(),
    totals: new Map(),
    tallies: new Map(),
    health: new Map(),
    audit: new Map(),
    auditByAge: new SortedList((a, b) => compareNumbers(a.at, b.at) || compareTexts(a.id, b.id)),
    tokens: new Map(),
    sessions: new Map(),
    alerts: emptyAlerts(),
    effects: new EffectTable(),
    connections: new Set(),
    fence: 0,
    ledgerPrunedUntil: undefined,
    imported: undefined
  }
}

/** The instant at which a completed job may be dropped. */
export const expiryOf = (job: FinishedKey): number => job.finishedAt! + job.keepMs
