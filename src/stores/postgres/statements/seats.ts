import { setTimeout as sleep } from 'node:timers/promises'
import type { NewJob } from '../../../core/job/job.ts'
import type { EnqueueAnswer } from '../../../store/jobs.ts'
import type { HeldSeat, SeatClaim, SeatState, SeatTerm } from '../../../store/seats.ts'
import { isHeldByOthers } from '../errors.ts'
import { SEAT_COLUMNS, seatOf, type SeatRow } from '../../sql/seat-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { enqueue } from './enqueue.ts'
import { laneNumbers } from './lanes.ts'

const LIST: Statement = {
  name: 'list_seats',
  text: `SELECT ${SEAT_COLUMNS} FROM {books}.seat ORDER BY seat`
}
// Takes the seat if its row is the one that was seen, or if there was none. A repeated claim, whose result was lost,
// also succeeds. A seat that was taken from a holder is counted.
const TAKE: Statement = {
  name: 'take_seat',
  text: `
WITH held AS (SELECT 1 FROM {books}.seat WHERE seat = $1 AND term = $8 AND counter = $9 AND holder IS NOT NULL),
taken AS (
INSERT INTO {books}.seat AS seat (${SEAT_COLUMNS})
SELECT $1::text, $2::bigint, 1, $3::bigint, $4::text, $5::text, $6::integer, now, now FROM (SELECT coalesce($7::bigint, {books}.now_ms()) AS now) AS clock
ON CONFLICT (seat) DO UPDATE SET term = excluded.term, counter = seat.counter + 1, ttl_ms = excluded.ttl_ms, holder = excluded.holder,
  host = excluded.host, pid = excluded.pid, elected_at = excluded.elected_at, renewed_at = excluded.renewed_at
WHERE (seat.term = $8::bigint AND seat.counter = $9::bigint AND excluded.term > seat.term) OR (seat.term = excluded.term AND seat.holder = excluded.holder)
RETURNING 1),
counted AS (
INSERT INTO {books}.total AS total (node, kind, name, outcome, n) SELECT '', 'takeover', $1, '', 1 FROM held, taken
ON CONFLICT (node, kind, name, outcome) DO UPDATE SET n = total.n + 1)
SELECT 1 FROM taken`
}
const RENEW: Statement = {
  name: 'renew_seat',
  text: `
UPDATE {books}.seat SET counter = counter + 1, renewed_at = coalesce($4::bigint, {books}.now_ms())
WHERE seat = $1 AND term = $2 AND holder = $3 RETURNING 1`
}
const RESIGN: Statement = {
  name: 'resign_seat',
  text: 'UPDATE {books}.seat SET holder = NULL WHERE seat = $1 AND term = $2 AND holder = $3'
}
// The lock keeps the term unchanged until the write that depends on it is committed.
const KEEP: Statement = {
  name: 'keep_seat',
  text: 'SELECT 1 FROM {books}.seat WHERE seat = $1 AND term = $2 AND holder IS NOT NULL FOR SHARE'
}

export const listSeats = async ({ database }: Books): Promise<SeatState[]> =>
  (await database.query<SeatRow>(LIST)).map(seatOf)

export async function takeSeat({ database, now }: Books, claim: SeatClaim): Promise<boolean> {
  const { seat, term, ttlMs, holder, seen } = claim
  const row = [seat, term, ttlMs, holder.id, holder.host, holder.pid, now()]
  return (await database.query(TAKE, [...row, seen?.term ?? null, seen?.counter ?? null])).length > 0
}

export const renewSeat = async ({ database, now }: Books, { seat, term, holderId }: HeldSeat): Promise<boolean> =>
  (await database.query(RENEW, [seat, term, holderId, now()])).length > 0

export async function resignSeat({ database }: Books, { seat, term, holderId }: HeldSeat): Promise<void> {
  await database.query(RESIGN, [seat, term, holderId])
}

// While the seat is locked its holder can't renew, so don't wait for a key that an app's transaction holds.
const SOON: Statement = { text: 'SET LOCAL lock_timeout = 100' }
const PAUSE_MS = 150
/** About ten seconds in all. */
const MAX_TRIES = 40

export async function enqueueInSeat(
  books: Books,
  { seat, term }: SeatTerm,
  jobs: readonly NewJob[]
): Promise<readonly EnqueueAnswer[] | 'deposed'> {
  // Their numbers come through a second connection. Not while the seat is locked: blocked renewals may hold all
  // connections.
  await laneNumbers(books, jobs)
  for (let tries = 1; ; tries++) {
    try {
      return await books.database.transaction(async tx => {
        await tx.query(SOON)
        const kept = await tx.query(KEEP, [seat, term])
        return kept.length === 0 ? 'deposed' : enqueue(books, jobs, tx)
      })
    } catch (error) {
      if (!isHeldByOthers(error) || tries === MAX_TRIES) throw error
    }
    await sleep(PAUSE_MS)
  }
}
