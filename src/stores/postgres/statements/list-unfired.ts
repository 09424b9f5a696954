import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import type { UnfiredFilter } from '../../../store/finding.ts'
import { textOfLedgerKey, unfiredCursor } from '../../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import { searchPage, type Slice } from '../../sql/finding/search.ts'
import { LEDGER_COLUMNS, type LedgerCells, ledgerRowOf } from '../../sql/schedule-rows.ts'
import type { Books, Statement } from '../sql.ts'

const SLICE_ROWS = 5_000
const KEY = 'decided_at, schedule_id, fire_at'
const ORDER = 'decided_at DESC, schedule_id DESC, fire_at DESC'
const RANGE = `outcome <> 'fired' AND decided_at BETWEEN $1 AND $2 AND (${KEY}) < ($3::bigint, $4::text, $5::bigint)`
const PAGE: Statement = {
  text: `
SELECT ${LEDGER_COLUMNS} FROM {books}.ledger
WHERE ${RANGE} AND (${KEY}) >= ($6::bigint, $7::text, $8::bigint) AND ($9::text IS NULL OR outcome = $9) ORDER BY ${ORDER} LIMIT $10`
}
const END: Statement = {
  text: `SELECT ${KEY} FROM {books}.ledger WHERE ${RANGE} ORDER BY ${ORDER} LIMIT 1 OFFSET ${SLICE_ROWS - 1}`
}

type Key = readonly [decidedAt: number, scheduleId: string, fireAt: number]
const BEFORE_ALL: Key = [-1, '', -1]
const AFTER_ALL: Key = [Number.MAX_SAFE_INTEGER, '', 0]

export async function listUnfired(
  books: Books,
  filter: UnfiredFilter,
  page: SearchRequest
): Promise<SearchedPage<LedgerRow>> {
  unfiredCursor(page.cursor)
  return searchPage(page, {
    look: (cursor, limit) => slice(books, filter, { cursor, limit }),
    cursorOf: textOfLedgerKey
  })
}

async function slice(
  { database }: Books,
  { outcome, from, until }: UnfiredFilter,
  { cursor, limit }: SearchRequest
): Promise<Slice<LedgerRow>> {
  const key = unfiredCursor(cursor)
  const before: Key = key === undefined ? AFTER_ALL : [key.decidedAt, key.scheduleId, key.fireAt]
  const range = [from, until, ...before]
  const end = outcome === undefined ? undefined : (await database.query<Key>(END, range))[0]
  const rows = await database.query<LedgerCells>(PAGE, [...range, ...(end ?? BEFORE_ALL), outcome ?? null, limit])
  const next = end === undefined ? undefined : { decidedAt: end[0], scheduleId: end[1], fireAt: end[2] }
  return { found: rows.map(ledgerRowOf), next: next === undefined ? undefined : textOfLedgerKey(next) }
}
