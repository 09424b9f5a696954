import type { HeldSeat, SeatClaim, SeatState, SeatTerm } from '../../store/seats.ts'
import { takeoverOf } from '../../core/counts/total.ts'
import type { MemoryBooks } from './books.ts'
import { addToTotal } from './counts/totals.ts'
import { compareTexts } from './sorted-list.ts'

export const listSeats = (books: MemoryBooks): SeatState[] =>
  [...books.seats.values()].toSorted((a, b) => compareTexts(a.seat, b.seat))

export function isHeld(books: MemoryBooks, { seat, term }: SeatTerm): boolean {
  const row = books.seats.get(seat)
  return row?.term === term && row.holder !== undefined
}

export function takeSeat(books: MemoryBooks, { seen, ...claim }: SeatClaim, now: number): boolean {
  const row = books.seats.get(claim.seat)
  if (row?.term === claim.term && row.holder?.id === claim.holder.id) return true
  if (row?.term !== seen?.term || row?.counter !== seen?.counter || claim.term <= (row?.term ?? 0)) return false
  const counter = (row?.counter ?? 0) + 1
  if (row?.holder !== undefined) addToTotal(books, takeoverOf(claim.seat))
  books.seats.set(claim.seat, { ...claim, counter, electedAt: now, renewedAt: now })
  return true
}

export function renewSeat(books: MemoryBooks, held: HeldSeat, now: number): boolean {
  const row = heldRow(books, held)
  if (row === undefined) return false
  books.seats.set(held.seat, { ...row, counter: row.counter + 1, renewedAt: now })
  return true
}

export function resignSeat(books: MemoryBooks, held: HeldSeat): void {
  const row = heldRow(books, held)
  if (row !== undefined) books.seats.set(held.seat, { ...row, holder: undefined })
}

function heldRow(books: MemoryBooks, { seat, term, holderId }: HeldSeat): SeatState | undefined {
  const row = books.seats.get(seat)
  return row?.term === term && row.holder?.id === holderId ? row : undefined
}
