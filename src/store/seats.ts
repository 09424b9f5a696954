import type { NewJob } from '../core/job/job.ts'
import type { EnqueueAnswer } from './jobs.ts'

/** A candidate for seats: one Escapement of one process, under an id that is never used again. */
export interface SeatHolder {
  readonly id: string
  readonly host: string
  readonly pid: number
}

/** A seat and one of its terms. Every write in the seat's name is compared with it. */
export interface SeatTerm {
  readonly seat: string
  /** From 1. It grows with every holder, and never decreases. */
  readonly term: number
}

/** A seat with its term and holder. */
export interface HeldSeat extends SeatTerm {
  readonly holderId: string
}

/** A seat in the books. The row stays while the seat is vacant, so that terms keep growing. */
export interface SeatState extends SeatTerm {
  /** Grows at every election and renewal. Only this shows whether the holder is alive. */
  readonly counter: number
  /** How long the holder trusts itself after the beginning of a renewal. A successor waits for as long. */
  readonly ttlMs: number
  /** Undefined: the last holder resigned, and there is no successor yet. */
  readonly holder: SeatHolder | undefined
  readonly electedAt: number
  /** For display only: no clock decides who holds a seat. */
  readonly renewedAt: number
}

export interface SeatClaim extends SeatTerm {
  readonly holder: SeatHolder
  readonly ttlMs: number
  /** The row that was read. Undefined: there was none. */
  readonly seen: Pick<SeatState, 'term' | 'counter'> | undefined
}

export interface SeatStore {
  /** Every seat that was ever held, in the order of their names. */
  listSeats(): Promise<readonly SeatState[]>
  /**
   * Begins the claimed term if the row has not changed since it was read, and the claimed term is greater. A holder
   * that lost the response may repeat the call, and gets true again.
   */
  takeSeat(claim: SeatClaim): Promise<boolean>
  /** Raises the counter if the seat still has this term and this holder. */
  renewSeat(held: HeldSeat): Promise<boolean>
  /** Makes the seat vacant if it still has this term and this holder. */
  resignSeat(held: HeldSeat): Promise<void>
  /** As `enqueue`, if the seat still has this term, compared in the same write. Otherwise it writes nothing. */
  enqueueInSeat(held: SeatTerm, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[] | 'deposed'>
}
