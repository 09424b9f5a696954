import type { LedgerRow } from '../../../core/schedule/ledger.ts'
import { isText } from '../../../core/options/forms.ts'
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
  isSelective,
  isVain,
  keysOf,
  lowered
} from '../../sql/finding/schedule-conditions.ts'
import { searchPage, type Slice } from '../../sql/finding/search.ts'
import { HEALTH_COLUMNS } from '../../sql/health-rows.ts'
import { LEDGER_COLUMNS, type LedgerCells, ledgerRowOf } from '../../sql/schedule-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { READ_SCHEDULE } from './schedules.ts'

/** How many schedules one slice looks at: a few milliseconds. */
const SLICE_ROWS = 5_000

type Value = string | number

export async function findSchedules(
  books: Books,
  filter: ScheduleFilter,
  page: ScheduleSearch
): Promise<SearchedPage<FoundSchedule>> {
  const { order = 'id' } = page
  const { valuesIn } = keysOf[order]
  valuesIn(page.cursor)
  if (isVain(filter)) return { items: [], cursor: undefined }
  return searchPage(page, {
    look: (cursor, limit) => slice(books, filter, { order, cursor, limit }),
    cursorOf: each => cursorOfSchedule(order, each)
  })
}

interface Look {
  readonly order: ScheduleOrder
  readonly cursor: string | undefined
  readonly limit: number
}

async function slice(
  { database }: Books,
  filter: ScheduleFilter,
  { order, cursor, limit }: Look
): Promise<Slice<FoundSchedule>> {
  const { valuesIn } = keysOf[order]
  const after = valuesIn(cursor)
  const end = isSelective(filter) ? await endOfSlice(database, order, after) : undefined
  const { text, values } = queryOf(filter, { order, after, end, limit })
  const found = (await database.query<FoundRow>({ text }, values)).map(foundOf)
  const last = found.at(-1)
  const next = last !== undefined && found.length === limit ? cursorOfSchedule(order, last) : end?.join(':')
  return { found: found.filter(each => isExactly(filter, each)), next }
}

interface Range {
  readonly order: ScheduleOrder
  readonly after: readonly Value[] | undefined
  readonly end: readonly Value[] | undefined
  readonly limit: number
}

/** It has no name: it is planned with its values each time. */
function queryOf(filter: ScheduleFilter, { order, after, end, limit }: Range): { text: string; values: Value[] } {
  const values: Value[] = []
  const bind = (value: Value): string => `$${values.push(value)}`
  const columns = columnsOf(filter, order)
  const rowOf = (key: readonly Value[]): string => `(${key.map(bind).join(', ')})`
  const conditions = [
    ...(after === undefined ? [] : [`(${columns.join(', ')}) > ${rowOf(after)}`]),
    ...(end === undefined ? [] : [`(${columns.join(', ')}) <= ${rowOf(end)}`]),
    ...conditionsOf(filter, { bind, contains: (text, part) => `strpos(${text}, ${part}) > 0` }),
    ...(filter.idPart === undefined ? [] : [`strpos(lower(id), ${bind(lowered(filter.idPart))}) > 0`]),
    ...(order === 'nextFireAt' ? [HAS_NEXT] : []),
    ...(order === 'lastSuccessAt' ? ['last_success_at IS NOT NULL'] : [])
  ]
  const text = `
SELECT ${READ_SCHEDULE}, ${HEALTH_COLUMNS} FROM {books}.schedule LEFT JOIN {books}.health ON schedule_id = schedule.id
WHERE ${conditions.join(' AND ')} ORDER BY ${columns.join(', ')} LIMIT ${bind(limit)}`
  return { text, values }
}

/** The few that fail are found by the index of them, which has the ids of schedules under another name. */
const columnsOf = ({ isFailing }: ScheduleFilter, order: ScheduleOrder): readonly string[] =>
  isFailing === true && order === 'id' ? ['schedule_id'] : keysOf[order].columns

/** The last one that one slice looks at. Undefined: it looks at all that are left. */
async function endOfSlice(
  database: Books['database'],
  order: ScheduleOrder,
  after: readonly Value[] | undefined
): Promise<readonly Value[] | undefined> {
  if (order === 'lastSuccessAt') return undefined
  const columns = keysOf[order].columns.join(', ')
  const condition = order === 'id' ? 'true' : HAS_NEXT
  const beyond = after === undefined ? '' : `AND (${columns}) > (${after.map((_, at) => `$${at + 1}`).join(', ')})`
  const text = `
SELECT ${columns} FROM {books}.schedule WHERE ${condition} ${beyond} ORDER BY ${columns} LIMIT 1 OFFSET ${SLICE_ROWS - 1}`
  return (await database.query<readonly Value[]>({ text }, after))[0]
}

const STRIPS: Statement = {
  text: `
SELECT strip.* FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, number) CROSS JOIN LATERAL (
  SELECT ${LEDGER_COLUMNS} FROM {books}.ledger WHERE schedule_id = asked.id ORDER BY fire_at DESC LIMIT $2) AS strip
ORDER BY number, fire_at DESC`
}

export async function readStrips(
  { database }: Books,
  ids: readonly string[],
  limit: number
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  const rows = await database.query<LedgerCells>(STRIPS, [[...new Set(ids)].filter(isText), limit])
  return Map.groupBy(rows.map(ledgerRowOf), ({ scheduleId }) => scheduleId)
}

// Jobs of schedules are in no pack.
const WAITING: Statement = {
  text: `
SELECT asked.id, min(run_at) FROM unnest($1::text[]) AS asked (id) CROSS JOIN LATERAL (
  SELECT run_at, fence FROM {books}.job WHERE schedule_id = asked.id ORDER BY job.id LIMIT ${JOBS_LOOKED_AT}) AS job
WHERE fence IS NULL AND run_at <= coalesce($2::bigint, {books}.now_ms()) GROUP BY asked.id`
}

export const waitingSince = async (
  { database, now }: Books,
  ids: readonly string[]
): Promise<ReadonlyMap<string, number>> =>
  new Map(await database.query<[string, number]>(WAITING, [[...new Set(ids)].filter(isText), now()]))
