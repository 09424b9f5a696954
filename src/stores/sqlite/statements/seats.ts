import { takeoverOf } from '../../../core/counts/total.ts'
import type { HeldSeat, SeatClaim, SeatState, SeatTerm } from '../../../store/seats.ts'
import { SEAT_COLUMNS, seatOf, type SeatRow } from '../../sql/seat-rows.ts'
import type { Books } from '../books.ts'
import { orNull } from '../books.ts'
import { addToTotals } from './counts.ts'

const LIST = `SELECT ${SEAT_COLUMNS} FROM escapement_seat ORDER BY seat`
// Takes the seat if its row is the one that was seen, or if there was none. A repeated claim, whose result was lost,
// also succeeds.
const TAKE = `
INSERT INTO escapement_seat AS seat (${SEAT_COLUMNS})
VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)
ON CONFLICT (seat) DO UPDATE SET term = excluded.term, counter = seat.counter + 1, ttl_ms = excluded.ttl_ms, holder = excluded.holder,
  host = excluded.host, pid = excluded.pid, elected_at = excluded.elected_at, renewed_at = excluded.renewed_at
WHERE (seat.term = ? AND seat.counter = ? AND excluded.term > seat.term) OR (seat.term = excluded.term AND seat.holder = excluded.holder)`
const HAS_HOLDER = 'SELECT 1 FROM escapement_seat WHERE seat = ? AND term = ? AND counter = ? AND holder IS NOT NULL'
const RENEW =
  'UPDATE escapement_seat SET counter = counter + 1, renewed_at = ? WHERE seat = ? AND term = ? AND holder = ?'
const RESIGN = 'UPDATE escapement_seat SET holder = NULL WHERE seat = ? AND term = ? AND holder = ?'
const IS_HELD = 'SELECT 1 FROM escapement_seat WHERE seat = ? AND term = ? AND holder IS NOT NULL'

export const listSeats = ({ connection }: Books): SeatState[] => connection.prepare<SeatRow>(LIST).all().map(seatOf)

export function takeSeat(books: Books, { seat, term, ttlMs, holder, seen }: SeatClaim): boolean {
  const { connection, now } = books
  const at = now()
  const isTakeover =
    seen !== undefined && connection.prepare(HAS_HOLDER).get(seat, seen.term, seen.counter) !== undefined
  const row = [seat, term, ttlMs, holder.id, holder.host, holder.pid, at, at]
  const { changes } = connection.prepare(TAKE).run(...row, orNull(seen?.term), orNull(seen?.counter))
  if (Number(changes) === 0) return false
  if (isTakeover) addToTotals(books, [takeoverOf(seat)])
  return true
}

export const renewSeat = ({ connection, now }: Books, { seat, term, holderId }: HeldSeat): boolean =>
  Number(connection.prepare(RENEW).run(now(), seat, term, holderId).changes) > 0

export function resignSeat({ connection }: Books, { seat, term, holderId }: HeldSeat): void {
  connection.prepare(RESIGN).run(seat, term, holderId)
}

/** Call it within the write that depends on it. */
export const isHeld = ({ connection }: Books, { seat, term }: SeatTerm): boolean =>
  connection.prepare(IS_HELD).get(seat, term) !== undefined
