import { randomUUID } from 'node:crypto'

import type { AttemptKey, Job } from '../../core/job/job.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../../core/schedule/schedule.ts'
import type { Outcome } from '../../core/job/settle.ts'
import type { KnownSet } from '../../store/declarations.ts'
import type { NodeState } from '../../store/nodes.ts'
import type { Registration } from '../../store/schedules.ts'
import type { SeatState } from '../../store/seats.ts'
import { EffectTable } from './effects.ts'
import type { Lane } from './jobs/lane.ts'
import { compareNumbers, compareTexts, SortedList } from './sorted-list.ts'

type DueKey = { readonly id: string; readonly nextFireAt?: number | undefined }
type FinishedKey = Pick<Job, 'id' | 'finishedAt' | 'keepMs'>

/**
 * What a database file would hold: the data that all connections share. Rows are never changed but replaced, so that a
 * reader may keep what it was given. Every row of `jobs` is also in the indexes that its state asks for; only
 * `job-rows.ts` writes them.
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
  /** Per node, so that neither a renewal nor a rescue looks at the jobs of others. */
  readonly running: Map<string, Map<string, Job>>
  readonly unfinished: Map<string, Job>
  /** Unfinished jobs of each schedule. */
  readonly liveJobs: Map<string, number>
  /** Task and unique key, to the id of the job that holds it. */
  readonly uniqueKeys: Map<string, string>
  /** The first to be dropped first. */
  readonly completed: SortedList<FinishedKey, Job>
  /** Cancelled and discarded ones, the first to end first. */
  readonly unsuccessful: SortedList<FinishedKey, Job>
  /** What was reported of each job last, until it is claimed again. */
  readonly reported: Map<string, AttemptKey & { readonly kind: Outcome['kind'] }>
  /** Per job, by name. */
  readonly steps: Map<string, Map<string, string>>
  /** Since when each paused queue is. */
  readonly pausedQueues: Map<string, number>

  /** By app and hash. */
  readonly sets: Map<string, KnownSet>
  readonly nodes: Map<string, NodeState>
  /** When each node that is no longer alive ended. */
  readonly nodesEndedAt: Map<string, number>
  readonly seats: Map<string, SeatState>
  /** What the bodies of transactions write. */
  readonly effects: EffectTable
  /** One per open connection, to be called after the writes of the others. */
  readonly connections: Set<() => void>
  /** The greatest fence given out. */
  fence: number
  ledgerPrunedUntil: number | undefined
  /** Of which export, and how many parts of it. */
  imported: { readonly exportId: string; readonly parts: number } | undefined
}

/** Empty books. `id` is a UUID of their own, unless a repeatable simulation names one. */
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
    nodes: new Map(),
    nodesEndedAt: new Map(),
    seats: new Map(),
    effects: new EffectTable(),
    connections: new Set(),
    fence: 0,
    ledgerPrunedUntil: undefined,
    imported: undefined
  }
}

/** The instant at which a completed job may be dropped. */
export const expiryOf = (job: FinishedKey): number => job.finishedAt! + job.keepMs
