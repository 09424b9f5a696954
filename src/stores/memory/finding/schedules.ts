import { callsOf } from '../../../core/schedule/owners.ts'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import { type ScheduleState, shownPhase } from '../../../core/schedule/schedule.ts'
import {
  type FoundSchedule,
  JOBS_LOOKED_AT,
  type ScheduleFilter,
  type ScheduleSearch,
  type UnfiredFilter
} from '../../../store/finding.ts'
import {
  type DatedKey,
  datedScheduleCursor,
  type LedgerKey,
  scheduleCursor,
  textOfDatedKey,
  textOfLedgerKey,
  unfiredCursor
} from '../../../store/pages/cursors.ts'
import type { SearchedPage, SearchRequest } from '../../../store/pages/search.ts'
import type { MemoryBooks } from '../books.ts'
import { readSchedule } from '../schedules.ts'
import { compareNumbers, compareTexts } from '../sorted-list.ts'
import { searchList } from './search-list.ts'

const SLICE = 5_000

export function findSchedules(
  books: MemoryBooks,
  filter: ScheduleFilter,
  page: ScheduleSearch
): SearchedPage<FoundSchedule> {
  const { keyed, cursorOf } = orderedAfter(books, page)
  const found = searchList(keyed, page, {
    isWanted: ({ state }) => isWanted(books, state, filter),
    cursorOf,
    slice: SLICE
  })
  return {
    ...found,
    items: found.items.map(({ state }) => ({ ...readSchedule(books, state), health: books.health.get(state.id) }))
  }
}

interface Keyed extends DatedKey {
  readonly state: ScheduleState
}

const compareDated = (a: DatedKey, b: DatedKey): number => compareNumbers(a.at, b.at) || compareTexts(a.id, b.id)

/** All that the order has, after the cursor. Without an instant to order by, all have the same one. */
function orderedAfter(books: MemoryBooks, { order = 'id', cursor }: ScheduleSearch) {
  const id = order === 'id' ? scheduleCursor(cursor) : undefined
  const after = order === 'id' ? (id === undefined ? undefined : { at: 0, id }) : datedScheduleCursor(cursor)
  const at = (state: ScheduleState): number | undefined => {
    if (order === 'id') return 0
    if (order === 'lastSuccessAt') return books.health.get(state.id)?.lastSuccessAt
    return state.phase === 'active' ? state.nextFireAt : undefined
  }
  const keyed: Keyed[] = [...books.schedules.values()]
    .flatMap(state => {
      const ordered = at(state)
      return ordered === undefined ? [] : { at: ordered, id: state.id, state }
    })
    .filter(key => after === undefined || compareDated(key, after) > 0)
    .sort(compareDated)
  return { keyed, cursorOf: (key: Keyed): string => (order === 'id' ? key.id : textOfDatedKey(key)) }
}

function isWanted(books: MemoryBooks, state: ScheduleState, filter: ScheduleFilter): boolean {
  const { phase, task, queue, app, isOrphaned, isFailing, dueBefore, idPart } = filter
  const { definition, nextFireAt } = state
  return (
    (phase === undefined ? state.phase !== 'removed' : shownPhase(state) === phase) &&
    (task === undefined || definition.task === task) &&
    (queue === undefined || definition.queue === queue) &&
    (app === undefined || state.app === app || state.app === callsOf(app)) &&
    (isOrphaned !== true || state.orphanedAt !== undefined || state.phaseBy === 'orphans') &&
    (isFailing !== true || (books.health.get(state.id)?.failuresInRow ?? 0) > 0) &&
    (dueBefore === undefined || (state.phase === 'active' && nextFireAt !== undefined && nextFireAt < dueBefore)) &&
    (idPart === undefined || lowered(state.id).includes(lowered(idPart)))
  )
}

/** A to Z as small letters, as databases do. */
const lowered = (text: string): string => text.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())

export function readStrips(
  books: MemoryBooks,
  ids: readonly string[],
  limit: number
): ReadonlyMap<string, readonly LedgerRow[]> {
  const strips = [...new Set(ids)].map(
    id => [id, (books.ledgers.get(id)?.items ?? []).slice(-limit).reverse()] as const
  )
  return new Map(strips.filter(([, rows]) => rows.length > 0))
}

export function waitingSince(books: MemoryBooks, ids: readonly string[], now: number): ReadonlyMap<string, number> {
  const byId = Map.groupBy(books.unfinished.values(), ({ scheduleId }) => scheduleId)
  const since = [...new Set(ids)].flatMap(id => {
    const oldest = (byId.get(id) ?? []).toSorted((a, b) => compareTexts(a.id, b.id)).slice(0, JOBS_LOOKED_AT)
    const waiting = oldest.filter(({ fence, runAt }) => fence === undefined && runAt <= now)
    return waiting.length === 0 ? [] : [[id, Math.min(...waiting.map(({ runAt }) => runAt))] as const]
  })
  return new Map(since)
}

const compareRows = (a: LedgerKey, b: LedgerKey): number =>
  compareNumbers(a.decidedAt, b.decidedAt) ||
  compareTexts(a.scheduleId, b.scheduleId) ||
  compareNumbers(a.fireAt, b.fireAt)

export function listUnfired(
  books: MemoryBooks,
  { outcome, from, until }: UnfiredFilter,
  page: SearchRequest
): SearchedPage<LedgerRow> {
  const before = unfiredCursor(page.cursor)
  const rows = [...books.ledgers.values()]
    .flatMap(({ items }) => items.filter(row => row.outcome !== 'fired'))
    .filter(row => row.decidedAt >= from && row.decidedAt <= until)
    .filter(row => before === undefined || compareRows(row, before) < 0)
    .sort((a, b) => compareRows(b, a))
  return searchList(rows, page, {
    isWanted: row => outcome === undefined || row.outcome === outcome,
    cursorOf: textOfLedgerKey,
    slice: SLICE
  })
}
