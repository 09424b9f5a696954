import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import {
  cursorOfSchedule,
  type FoundSchedule,
  JOBS_LOOKED_AT,
  type ScheduleFilter,
  type ScheduleOrder,
  type ScheduleSearch
} from '../../../store/finding.ts'
import type { SearchedPage } from '../../../store/pages/search.ts'
import {
  conditionsOf,
  foundOf,
  type FoundRow,
  HAS_NEXT,
  isExactly,
  isResting,
  isSelective,
  isVain,
  keysOf,
  lowered
} from '../../sql/finding/schedule-conditions.ts'
import { searchPage, type Slice } from '../../sql/finding/search.ts'
import { HEALTH_COLUMNS } from '../../sql/health-rows.ts'
import { LEDGER_COLUMNS, type LedgerCells, ledgerRowOf } from '../../sql/schedule-rows.ts'
import type { Books } from '../books.ts'
import type { Access } from '../connection/access.ts'
import { READ_SCHEDULE } from './reading.ts'

/** How many schedules one slice looks at, and how many ids, which have an index of their own: a few milliseconds. */
const SLICE_ROWS = 2_000
const SLICE_IDS = 20_000

type Value = string | number

export async function findSchedules(
  access: Access,
  filter: ScheduleFilter,
  page: ScheduleSearch
): Promise<SearchedPage<FoundSchedule>> {
  const { order = 'id' } = page
  const { valuesIn } = keysOf[order]
  valuesIn(page.cursor)
  if (isVain(filter)) return { items: [], cursor: undefined }
  return searchPage(page, {
    look: (cursor, limit) => access.readSnapshot(books => slice(books, filter, { order, cursor, limit })),
    cursorOf: each => cursorOfSchedule(order, each),
    pause: nextTurn
  })
}

interface Look {
  readonly order: ScheduleOrder
  readonly cursor: string | undefined
  readonly limit: number
}

function slice(books: Books, filter: ScheduleFilter, look: Look): Slice<FoundSchedule> {
  const { order, cursor, limit } = look
  const { valuesIn } = keysOf[order]
  const after = valuesIn(cursor)
  const end = isSelective(filter) ? endOfSlice(books, filter, { order, after }) : undefined
  const { sql, values } = queryOf(filter, { order, after, end: end?.values })
  const rows = books.connection.prepare<FoundRow>(sql).all(...values, limit)
  const found = rows.map(foundOf)
  const last = found.at(-1)
  const next = last !== undefined && found.length === limit ? cursorOfSchedule(order, last) : end?.cursor
  return { found: found.filter(each => isExactly(filter, each)), next }
}

interface Range {
  readonly order: ScheduleOrder
  readonly after: readonly Value[] | undefined
  readonly end?: readonly Value[] | undefined
}

function queryOf(filter: ScheduleFilter, range: Range): { readonly sql: string; readonly values: Value[] } {
  const values: Value[] = []
  const bind = (value: Value): string => {
    values.push(value)
    return '?'
  }
  const { from, columns } = sourceOf(filter, range.order)
  const within = (names: readonly string[]): string[] => [
    ...(range.after === undefined ? [] : [`(${names.join(', ')}) > (${range.after.map(bind).join(', ')})`]),
    ...(range.end === undefined ? [] : [`(${names.join(', ')}) <= (${range.end.map(bind).join(', ')})`])
  ]
  const conditions = within(columns)
  if (filter.idPart !== undefined) conditions.push(idCondition(filter.idPart, { bind, within, order: range.order }))
  conditions.push(...conditionsOf(filter, { bind, contains: (text, part) => `instr(${text}, ${part}) > 0` }))
  if (range.order === 'nextFireAt') conditions.push(HAS_NEXT)
  if (range.order === 'lastSuccessAt') conditions.push('last_success_at IS NOT NULL')
  const sql = `SELECT ${READ_SCHEDULE}, ${HEALTH_COLUMNS} FROM ${from}
WHERE ${conditions.join(' AND ')} ORDER BY ${columns.join(', ')} LIMIT ?`
  return { sql, values }
}

interface Binding {
  readonly bind: (value: Value) => string
  readonly within: (names: readonly string[]) => string[]
  readonly order: ScheduleOrder
}

/** In the order of ids the narrow index of them is searched, and only what is found there is read. */
function idCondition(part: string, { bind, within, order }: Binding): string {
  if (order !== 'id') return `instr(lower(id), ${bind(lowered(part))}) > 0`
  const conditions = [...within(['id']), `instr(lower(id), ${bind(lowered(part))}) > 0`]
  return `id IN (SELECT id FROM escapement_schedule INDEXED BY escapement_schedule_id WHERE ${conditions.join(' AND ')})`
}

const WITH_HEALTH = 'LEFT JOIN escapement_health ON schedule_id = escapement_schedule.id'

/** Where to begin, so that an index has the order; without statistics SQLite would not know. */
function sourceOf(
  { isFailing, isOrphaned, ...filter }: ScheduleFilter,
  order: ScheduleOrder
): { readonly from: string; readonly columns: readonly string[] } {
  const { columns } = keysOf[order]
  if (order === 'lastSuccessAt')
    return { from: 'escapement_health CROSS JOIN escapement_schedule ON id = schedule_id', columns }
  if (order === 'nextFireAt')
    return { from: `escapement_schedule INDEXED BY escapement_schedule_due ${WITH_HEALTH}`, columns }
  if (isFailing === true)
    return {
      from: 'escapement_health INDEXED BY escapement_health_failing CROSS JOIN escapement_schedule ON id = schedule_id',
      columns: ['schedule_id']
    }
  const index =
    isOrphaned === true
      ? 'INDEXED BY escapement_schedule_orphaned'
      : isResting(filter)
        ? 'INDEXED BY escapement_schedule_resting'
        : ''
  return { from: `escapement_schedule ${index} ${WITH_HEALTH}`, columns }
}

interface End {
  readonly values: readonly Value[]
  readonly cursor: string
}

/** The last one that one slice looks at. Undefined: it looks at all that are left. */
function endOfSlice({ connection }: Books, filter: ScheduleFilter, { order, after }: Range): End | undefined {
  if (order === 'lastSuccessAt') return undefined
  const { columns } = keysOf[order]
  const [index, condition] = order === 'id' ? ['escapement_schedule_id', 'true'] : ['escapement_schedule_due', HAS_NEXT]
  const beyond = after === undefined ? '' : `AND (${columns.join(', ')}) > (${after.map(() => '?').join(', ')})`
  const rows = order === 'id' && isOfIdsAlone(filter) ? SLICE_IDS : SLICE_ROWS
  const sql = `SELECT ${columns.join(', ')} FROM escapement_schedule INDEXED BY ${index}
WHERE ${condition} ${beyond} ORDER BY ${columns.join(', ')} LIMIT 1 OFFSET ${rows - 1}`
  const values = connection.prepare<readonly Value[]>(sql).get(...(after ?? []))
  return values === undefined ? undefined : { values, cursor: values.join(':') }
}

const isOfIdsAlone = ({ idPart }: ScheduleFilter): boolean => idPart !== undefined

// The rows of each schedule from its oldest wanted one on; all, if it has fewer.
const STRIPS = `
SELECT ${LEDGER_COLUMNS} FROM json_each(?) AS asked CROSS JOIN escapement_ledger
WHERE schedule_id = asked.value AND fire_at >= coalesce(
  (SELECT fire_at FROM escapement_ledger AS one WHERE one.schedule_id = asked.value ORDER BY fire_at DESC LIMIT 1 OFFSET ?), 0)
ORDER BY asked.key, fire_at DESC`

export function readStrips(
  { connection }: Books,
  ids: readonly string[],
  limit: number
): ReadonlyMap<string, readonly LedgerRow[]> {
  const asked = JSON.stringify([...new Set(ids)])
  const rows = connection.prepare<LedgerCells>(STRIPS).all(asked, limit - 1)
  return Map.groupBy(rows.map(ledgerRowOf), ({ scheduleId }) => scheduleId)
}

const WAITING = `
SELECT asked.value, (SELECT min(run_at) FROM (
    SELECT id, run_at, fence FROM escapement_job WHERE schedule_id = asked.value ORDER BY id LIMIT ${JOBS_LOOKED_AT}) AS job
  WHERE run_at <= ? AND fence IS NULL AND NOT EXISTS (SELECT 1 FROM escapement_running WHERE id = job.id)) AS since
FROM json_each(?) AS asked WHERE since IS NOT NULL`

export const waitingSince = ({ connection, now }: Books, ids: readonly string[]): ReadonlyMap<string, number> =>
  new Map(connection.prepare<readonly [string, number]>(WAITING).all(now(), JSON.stringify([...new Set(ids)])))
