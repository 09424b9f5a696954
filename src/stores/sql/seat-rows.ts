import type { SeatState } from '../../store/seats.ts'

/** The columns of a seat, in the order in which both SQL stores read them. */
export const SEAT_COLUMNS = 'seat, term, counter, ttl_ms, holder, host, pid, elected_at, renewed_at'

export type SeatRow = readonly [
  seat: string,
  term: number,
  counter: number,
  ttlMs: number,
  holder: string | null,
  host: string,
  pid: number,
  electedAt: number,
  renewedAt: number
]

export function seatOf([seat, term, counter, ttlMs, id, host, pid, electedAt, renewedAt]: SeatRow): SeatState {
  return { seat, term, counter, ttlMs, holder: id === null ? undefined : { id, host, pid }, electedAt, renewedAt }
}
