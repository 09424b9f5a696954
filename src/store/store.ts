import type { DeclarationStore } from './declarations.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { JobStore } from './jobs.ts'
import type { MovingStore } from './moving.ts'
import type { NodeStore } from './nodes.ts'
import type { ReadingStore } from './reading.ts'
import type { ScheduleStore } from './schedules.ts'
import type { SeatStore } from './seats.ts'
import type { SparingWrites } from './sparing.ts'

/** What differs between stores and is not hidden from the runtime. */
export interface StoreTraits {
  /** For people: "memory", "sqlite". */
  readonly name: string
  /** Who may open it at the same time. */
  readonly reach: 'process' | 'host' | 'network'
  /** Whether the body of `transact` runs within one turn of the event loop, or may await. */
  readonly transactions: 'sync' | 'async'
  /** The database's own version of time-zone data is never used; instants are computed in Node. */
  readonly clock: 'process' | 'database'
}

/**
 * The port to the books. Every method is one atomic step: all of it is written, or nothing. A method that lost its
 * answer may be called again with the same arguments.
 *
 * Errors: `store-busy` when others hold the database for longer than the deadline, `store-unavailable` when it cannot
 * be reached or written. A conflict, a stale attempt or a lost lease is a value, never an exception.
 */
export interface Store
  extends ScheduleStore, DeclarationStore, JobStore, NodeStore, SeatStore, ReadingStore, MovingStore {
  readonly traits: StoreTraits
  /** A UUID given to the books when they were made; part of every idempotency key. */
  readonly id: string
  /** The store's own time: what decides whether something is due. */
  now(): Promise<number>
  /**
   * The same, as far as it can be by now, where a process can't know it exactly: what delays are computed from, so that
   * none is too short.
   */
  nowAtLatest?(): Promise<number>
  /** The store's clock minus this host's, in milliseconds, where they are two. */
  clockSkewMs?(): Promise<number>
  /** Left out by stores of which nobody can hold a part without holding the whole. */
  readonly sparing?: SparingWrites
  /** Stores without a database server have nothing to say. */
  diagnose?(): Promise<Diagnosis>
  /**
   * Calls the listener after writes by other connections and processes, perhaps late, perhaps once for many, perhaps
   * for nothing: a hint to look, never the truth. Answers a function that ends it.
   */
  watch(listener: () => void): () => void
  /** Ends all connections. A second call does nothing. */
  close(): Promise<void>
}
