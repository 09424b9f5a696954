import type { AuditEntry } from '../core/access/audit.ts'
import type { Job } from '../core/job/job.ts'
import type { LedgerRow } from '../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../core/schedule/schedule.ts'
import type { Redaction } from './declarations.ts'
import type { StepResult } from './jobs.ts'
import type { Page, PageRequest } from './reading.ts'
import type { Registration } from './schedules.ts'
import type { SeatState } from './seats.ts'

/** Books that move from one store to another: the kinds of records, with the type of each. */
export interface BooksRecords {
  /** Exactly one record. */
  readonly books: BooksIdentity
  readonly pausedQueue: { readonly queue: string; readonly pausedAt: number }
  readonly registration: Registration
  readonly seat: SeatState
  readonly redaction: Redaction
  /** Newest first. */
  readonly audit: AuditEntry
  readonly job: Job
  /** The steps of one job are in the order in which they were saved. */
  readonly step: StepResult & { readonly jobId: string }
  readonly ledger: LedgerRow
  /** The rows of one schedule are in order, oldest first. */
  readonly timeline: TimelineRow
  readonly schedule: ScheduleState
}
export type BooksKind = keyof BooksRecords

/** Facts that must not change with the store. */
export interface BooksIdentity {
  /** The store's id: part of every idempotency key. */
  readonly id: string
  /** The greatest fence so far. 0: none was given out. */
  readonly lastFence: number
  readonly ledgerPrunedUntil: number | undefined
}

/** A few hundred records of an export. */
export interface BooksPart {
  readonly exportId: string
  /** From 0, without gaps. */
  readonly number: number
  /** Steps come in the part of their job or later. No job runs. */
  readonly records: { readonly [Kind in BooksKind]?: readonly BooksRecords[Kind][] }
}

export interface MovingStore {
  /**
   * All records of a kind, in a stable order. Nodes do not move: they are processes. Nor does what
   * the books count of jobs; fire times are counted as the ledger is imported.
   */
  exportPage<Kind extends BooksKind>(kind: Kind, page: PageRequest): Promise<Page<BooksRecords[Kind]>>
  /**
   * Imports the parts of one export, in order. A repeated part is `taken`, and not written again. `not-empty`: the
   * first part needs empty books, without even a node; each other part needs the books that took the part before it.
   * Connections that are opened afterwards see the new id of the books.
   */
  importPart(part: BooksPart): Promise<'taken' | 'not-empty'>
}
