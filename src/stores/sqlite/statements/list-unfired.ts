import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import type { UnfiredFilter } from '../../../store/finding.ts'
import { textOfLedgerKey, unfiredCursor } from '../../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import { searchPage, type Slice } from '../../sql/finding/search.ts'
import { LEDGER_COLUMNS, type LedgerCells, ledgerRowOf } from '../../sql/schedule-rows.ts'
import type { Books } from '../books.ts'
import type { Access } from '../connection/access.ts'

const SLICE_ROWS = 5_000
const KEY = 'decided_at, schedule_id, fire_at'
const ORDER = 'decided_at DESC, schedule_id DESC, fire_at DESC'
const RANGE = `outcome <> 'fired' AND decided_at BETWEEN ? AND ? AND (${KEY}) < (?, ?, ?)`
const FROM = 'escapement_ledger INDEXED BY escapement_ledger_unfired'
const PAGE = `
SELECT ${LEDGER_COLUMNS} FROM ${FROM}
WHERE ${RANGE} AND (${KEY}) >= (?, ?, ?) AND (? IS NULL OR outcome = ?) ORDER BY ${ORDER} LIMIT ?`
const END = `SELECT ${KEY} FROM ${FROM} WHERE ${RANGE} ORDER BY ${ORDER} LIMIT 1 OFFSET ${SLICE_ROWS - 1}`

type Key = readonly [decidedAt: number, scheduleId: string, fireAt: number]
const BEFORE_ALL: Key = [-1, '', -1]
const AFTER_ALL: Key = [Number.MAX_SAFE_INTEGER, '', 0]

export async function listUnfired(
  access: Access,
  filter: UnfiredFilter,
  page: SearchRequest
): Promise<SearchedPage<LedgerRow>> {
  unfiredCursor(page.cursor)
  return searchPage(page, {
    look: (cursor, limit) => access.readSnapshot(books => slice(books, filter, { cursor, limit })),
    cursorOf: textOfLedgerKey,
    pause: nextTurn
  })
}

function slice(
  { connection }: Books,
  { outcome, from, until }: UnfiredFilter,
  { cursor, limit }: SearchRequest
): Slice<LedgerRow> {
  const key = unfiredCursor(cursor)
  const before: Key = key === undefined ? AFTER_ALL : [key.decidedAt, key.scheduleId, key.fireAt]
  const range = [from, until, ...before] as const
  const end = outcome === undefined ? undefined : connection.prepare<Key>(END).get(...range)
  const wanted = outcome ?? null
  const rows = connection.prepare<LedgerCells>(PAGE).all(...range, ...(end ?? BEFORE_ALL), wanted, wanted, limit)
  const next = end === undefined ? undefined : { decidedAt: end[0], scheduleId: end[1], fireAt: end[2] }
  return { found: rows.map(ledgerRowOf), next: next === undefined ? undefined : textOfLedgerKey(next) }
}
