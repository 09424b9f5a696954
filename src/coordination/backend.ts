import type { SeatState } from '../store/seats.ts'

/**
 * What decides who may hold a seat. A back end says who has a right to the next term; the term itself begins when it is
 * written into the books, whatever the back end, so that every write in a seat's name can be compared with it.
 */
export interface SeatBackend {
  /** For people. */
  readonly name: 'store' | 'file' | 'redis'
  /** How often a contender tries. */
  readonly contendEveryMs: number
  /** How often a holder looks whether it still is one. */
  readonly beatEveryMs: number
  /**
   * Whether a right ends by itself when it was not extended for a TTL. Otherwise it ends with its process, and only then:
   * a process that is frozen keeps it.
   */
  readonly isLeased: boolean
  /** @throws EscapementError for what only a person can put right; whatever may pass by itself is left to `take`. */
  prepare(): Promise<void>
  /** One try. `read` answers what the books know of the seat. Undefined: somebody else has it. */
  take(seat: string, read: () => Promise<SeatState | undefined>): Promise<SeatRight | undefined>
  /** Frees what the back end itself keeps open. */
  close(): Promise<void>
}

/** A right to a seat, until it is lost or released. */
export interface SeatRight {
  /** The row of the books on which the right is founded. */
  readonly seen: SeatState | undefined
  /** Greater than every term before it. */
  readonly term: number
  /** One renewal. False: it is lost beyond doubt; an error: nobody knows. */
  extend(): Promise<boolean>
  /** Whether nothing that can be seen at once speaks against it. */
  isIntact(): boolean
  /** Lets the next one have it at once. What is no longer ours is left alone; a second release does nothing. */
  release(): Promise<void>
}
