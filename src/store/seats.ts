import type { NewJob } from '../core/job/job.ts'
import type { EnqueueAnswer } from './jobs.ts'

/** Who contends for seats: one Escapement of one process, under an id that is never used again. */
export interface SeatHolder {
  readonly id: string
  readonly host: string
  readonly pid: number
}

/** A seat under one of its terms: what every write in the seat's name is compared with. */
export interface SeatTerm {
  readonly seat: string
  /** From 1 on; it grows with every holder and never goes back. */
  readonly term: number
}

/** A seat as one of its holders has it. */
export interface HeldSeat extends SeatTerm {
  readonly holderId: string
}

/** What the books know of a seat. The row stays when the seat is vacant, so that terms go on growing. */
export interface SeatState extends SeatTerm {
  /** Grows at every election and renewal: the only thing that says whether the holder lives. */
  readonly counter: number
  /** For how long the holder trusts itself after the beginning of a renewal; who takes over waits for as long. */
  readonly ttlMs: number
  /** Undefined: the last holder resigned, and nobody has followed yet. */
  readonly holder: SeatHolder | undefined
  readonly electedAt: number
  /** Only to be shown: no clock decides who holds a seat. */
  readonly renewedAt: number
}

export interface SeatClaim extends SeatTerm {
  readonly holder: SeatHolder
  readonly ttlMs: number
  /** The row as it was read. Undefined: there was none. */
  readonly seen: Pick<SeatState, 'term' | 'counter'> | undefined
}

export interface SeatStore {
  /** Every seat that was ever held, in the order of their names. */
  listSeats(): Promise<readonly SeatState[]>
  /**
   * Begins the claimed term if the row is still the one that was seen, and the term greater than its. Called again by
   * a holder who lost the answer it is true again.
   */
  takeSeat(claim: SeatClaim): Promise<boolean>
  /** Raises the counter, if this is still the seat's term, and still this holder's. */
  renewSeat(held: HeldSeat): Promise<boolean>
  /** Makes the seat vacant, if this is still its term, and still this holder's. */
  resignSeat(held: HeldSeat): Promise<void>
  /** As `enqueue`, if this is still the seat's term, compared in the same write; else nothing is written. */
  enqueueInSeat(held: SeatTerm, jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[] | 'deposed'>
}
