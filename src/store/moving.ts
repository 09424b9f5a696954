import type { Job } from '../core/job/job.ts'
import type { LedgerRow } from '../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../core/schedule/schedule.ts'
import type { StepResult } from './jobs.ts'
import type { Page, PageRequest } from './reading.ts'
import type { Registration } from './schedules.ts'
import type { SeatState } from './seats.ts'

/** Books as they move from one store to another: the kinds of what they hold, and a record of each. */
export interface BooksRecords {
  /** One record. */
  readonly books: BooksIdentity
  readonly pausedQueue: { readonly queue: string; readonly pausedAt: number }
  readonly registration: Registration
  readonly seat: SeatState
  readonly job: Job
  /** Those of one job in the order in which they were saved. */
  readonly step: StepResult & { readonly jobId: string }
  readonly ledger: LedgerRow
  /** Those of one schedule from the oldest on. */
  readonly timeline: TimelineRow
  readonly schedule: ScheduleState
}
export type BooksKind = keyof BooksRecords

/** What must not change with the store. */
export interface BooksIdentity {
  /** The store's id: part of every idempotency key. */
  readonly id: string
  /** No fence that was given out was greater; 0: none was. */
  readonly lastFence: number
  readonly ledgerPrunedUntil: number | undefined
}

/** A few hundred records of an export. */
export interface BooksPart {
  readonly exportId: string
  /** From 0 on, without gaps. */
  readonly number: number
  /** Steps come in the part of their job or later. No job runs. */
  readonly records: { readonly [Kind in BooksKind]?: readonly BooksRecords[Kind][] }
}

export interface MovingStore {
  /** All records of a kind, in an order that stays. Nodes do not move: they are processes. */
  exportPage<Kind extends BooksKind>(kind: Kind, page: PageRequest): Promise<Page<BooksRecords[Kind]>>
  /**
   * Takes in the parts of one export, one after the other, each once: a part that was taken before is taken, and not
   * written again. `not-empty`: the first part needs books that hold nothing, not even a node, and the others those
   * that took the part before. The id of the books is known to connections that are opened afterwards.
   */
  importPart(part: BooksPart): Promise<'taken' | 'not-empty'>
}
