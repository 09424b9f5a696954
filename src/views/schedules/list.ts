import type { HealthWord } from '../../core/counts/health-word.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import { OVERDUE_AFTER_MS } from '../../core/schedule/overdue.ts'
import { cursorOfSchedule, type FoundSchedule, type ScheduleFilter, type ScheduleSearch } from '../../store/finding.ts'
import type { SearchedPage } from '../../store/pages/search.ts'
import type { Store } from '../../store/store.ts'
import { type HealthView, healthView } from '../health.ts'
import { type ScheduleSummary, summarize } from '../schedule.ts'

/** A schedule as a list shows it: how it is, and what happened to its last fire times, the newest at the end. */
export interface ListedSchedule extends ScheduleSummary, HealthView {
  readonly strip: readonly LedgerRow[]
}

export interface ScheduleQuery extends Omit<ScheduleFilter, 'dueBefore'> {
  readonly health?: HealthWord | undefined
  readonly isOverdue?: true | undefined
}

export interface ScheduleListing extends ScheduleSearch {
  /** How many decisions to show of each schedule. */
  readonly strip: number
}

/** So many are judged at once while a list searches for a health that no index has. */
const JUDGED_AT_ONCE = 200

/** A page of schedules. Their health is what `verdictOf` says; the books only leave out those that cannot have it. */
export async function listSchedules(
  store: Store,
  { health, isOverdue, ...given }: ScheduleQuery,
  listing: ScheduleListing
): Promise<SearchedPage<ListedSchedule>> {
  const now = await store.now()
  const order = listing.order ?? (isOverdue === true || health === 'overdue' ? 'nextFireAt' : 'id')
  const dueBefore = isOverdue === true || health === 'overdue' ? now - OVERDUE_AFTER_MS : undefined
  const filter = { ...narrowed(health), ...given, dueBefore }
  const search = { ...listing, order }
  const page =
    health === undefined
      ? await judgedPage(store, filter, { search, now })
      : await searchHealth(store, filter, { search, now, health })
  const strips = await stripsOf(store, page.items, listing.strip)
  const items = page.items.map(({ found, view }) => ({
    ...summarize(found),
    ...view,
    strip: (strips.get(found.state.id) ?? []).toReversed()
  }))
  return { ...page, items }
}

interface Judged {
  readonly found: FoundSchedule
  readonly view: HealthView
}

interface Searching {
  readonly search: ScheduleSearch
  readonly now: number
}

async function judgedPage(
  store: Store,
  filter: ScheduleFilter,
  { search, now }: Searching
): Promise<SearchedPage<Judged>> {
  const page = await store.findSchedules(filter, search)
  const busy = page.items.filter(({ liveJobs }) => liveJobs > 0).map(({ state }) => state.id)
  const waiting = busy.length === 0 ? undefined : await store.waitingSince(busy)
  const items = page.items.map(found => {
    const facts = { ...found, waitingSince: waiting?.get(found.state.id), now }
    return { found, view: healthView(facts) }
  })
  return { ...page, items }
}

async function searchHealth(
  store: Store,
  filter: ScheduleFilter,
  { search, now, health }: Searching & { readonly health: HealthWord }
): Promise<SearchedPage<Judged>> {
  const { limit, order = 'id', mayContinue } = search
  const items: Judged[] = []
  const isNarrow = Object.keys(narrowed(health)).length > 0 || health === 'overdue'
  // Of those that the books have narrowed down nearly all are wanted.
  const atOnce = isNarrow ? Math.min(limit + 1, JUDGED_AT_ONCE) : JUDGED_AT_ONCE
  let { cursor } = search
  for (;;) {
    const page = await judgedPage(store, filter, { search: { ...search, cursor, limit: atOnce }, now })
    for (const judged of page.items) {
      if (judged.view.health.word !== health) continue
      if (items.length === limit) return { items, cursor: cursorOfSchedule(order, items.at(-1)!.found) }
      items.push(judged)
    }
    if (page.cursor === undefined) return { items, cursor: undefined }
    if (mayContinue?.() === false)
      return { items, cursor: page.cursor, ...(items.length < limit ? { isCut: true } : {}) }
    cursor = page.cursor
  }
}

/** What the books can leave out by themselves. */
function narrowed(health: HealthWord | undefined): ScheduleFilter {
  if (health === 'failing') return { isFailing: true }
  if (health === 'orphaned') return { isOrphaned: true }
  if (health === 'paused' || health === 'removed') return { phase: health }
  return health === 'ended' || health === 'no-next-fire' ? { phase: 'ended' } : {}
}

const MAX_STRIPS = 200

async function stripsOf(
  store: Store,
  judged: readonly Judged[],
  length: number
): Promise<ReadonlyMap<string, readonly LedgerRow[]>> {
  if (length === 0 || judged.length === 0) return new Map()
  const ids = judged.map(({ found }) => found.state.id)
  return store.readStrips(ids.slice(0, MAX_STRIPS), length)
}
