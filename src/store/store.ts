import type { CountStore } from './counts.ts'
import type { AuditStore } from './access/audit.ts'
import type { SessionStore } from './access/sessions.ts'
import type { TokenStore } from './access/tokens.ts'
import type { AlertStore } from './alerts.ts'
import type { DeclarationStore } from './declarations.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { FindingStore } from './finding.ts'
import type { JobStore } from './jobs.ts'
import type { MovingStore } from './moving.ts'
import type { NodeStore } from './nodes.ts'
import type { ReadingStore } from './reading.ts'
import type { ScheduleStore } from './schedules.ts'
import type { SeatStore } from './seats.ts'
import type { SparingWrites } from './sparing.ts'

/** Differences between stores that the runtime must know. */
export interface StoreTraits {
  /** For people: "memory", "sqlite". */
  readonly name: string
  /** Who may have it open at the same time. */
  readonly reach: 'process' | 'host' | 'network'
  /** Whether the body of `transact` must run within one turn of the event loop, or may await. */
  readonly transactions: 'sync' | 'async'
  /** Whose clock decides what is due. The database's time-zone data is never used: instants are computed in Node. */
  readonly clock: 'process' | 'database'
}

/**
 * The port to the books. Every method is one atomic step: it writes everything or nothing. A caller that lost the
 * response may repeat the call with the same arguments.
 *
 * A conflict, a stale attempt or a lost lease is returned, never thrown.
 *
 * @throws EscapementError `store-busy` if others hold the database for longer than the deadline, `store-unavailable` if
 * it cannot be reached or written
 *
 * @experimental
 */
export interface Store
  extends
    ScheduleStore,
    DeclarationStore,
    JobStore,
    NodeStore,
    SeatStore,
    ReadingStore,
    FindingStore,
    CountStore,
    MovingStore,
    AuditStore,
    TokenStore,
    SessionStore,
    AlertStore {
  readonly traits: StoreTraits
  /** A UUID that the books got when they were created; part of every idempotency key. */
  readonly id: string
  /** The store's own time, which decides what is due. */
  now(): Promise<number>
  /** The latest time that the store may show, if a process can't know it exactly. Delays count from it. */
  nowAtLatest?(): Promise<number>
  /** The store's clock minus this host's, in milliseconds, if they are different clocks. */
  clockSkewMs?(): Promise<number>
  /** Missing in stores that can only be locked as a whole. */
  readonly sparing?: SparingWrites
  /** Missing in stores without a database server. */
  diagnose?(): Promise<Diagnosis>
  /**
   * Calls the listener after writes by other connections and processes, perhaps late, once for many, or for nothing: it
   * is only a hint to look. Returns a function that ends it.
   */
  watch(listener: () => void): () => void
  /** Closes all connections. A second call does nothing. */
  close(): Promise<void>
}
