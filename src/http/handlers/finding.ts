import type { LedgerRow } from '../../core/schedule/ledger.ts'
import { isoOf } from '../../core/trigger/instant.ts'
import { unfiredCursor } from '../../store/pages/cursors.ts'
import { previewOf } from '../../views/fires/preview.ts'
import { viewRow } from '../../views/fires/ledger.ts'
import { readRevisions } from '../../views/schedules/revisions.ts'
import { listSchedules } from '../../views/schedules/list.ts'
import { searchedView } from '../../views/searched.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

export const findingHandlers: EndpointHandlers<'listSchedules' | 'listRevisions' | 'listUnfired' | 'previewTrigger'> = {
  listSchedules: async ({ store, mayContinue, query }) => {
    const { limit, cursor, strip, sort: order, q: idPart, orphaned, overdue, ...filter } = query
    const wanted = { ...filter, idPart, isOrphaned: isAsked(orphaned), isOverdue: isAsked(overdue) }
    const page = await listSchedules(store, wanted, { limit, cursor, order, strip, mayContinue })
    const show = ({ strip: rows, health, ...summary }: (typeof page.items)[number]) => ({
      ...written(summary),
      health: written(health),
      strip: rows.map(cellOf)
    })
    return searchedView(page, show, place => place)
  },

  listRevisions: async ({ store, parameters: { id } }) => {
    const { items, isMore } = await readRevisions(store, id)
    return {
      items: items.map(({ differences, ...rest }) => ({
        ...written(rest),
        differences: differences.map(each => written(each))
      })),
      isMore
    }
  },

  listUnfired: async ({ store, mayContinue, query: { limit, cursor, ...filter } }) => {
    const page = await store.listUnfired(filter, { limit, cursor, mayContinue })
    return searchedView(page, row => ({ scheduleId: row.scheduleId, ...written(viewRow(row)) }), decidedAtIn)
  },

  previewTrigger: async ({ store, mayContinue, query: { trigger, count, from, timezone } }) => {
    const afterMs = (from ?? (await store.now())) - 1
    const { fires, doubts, complete } = previewOf(trigger, { afterMs, count, timezone, mayContinue })
    return { fires: fires.map(fire => written(fire)), doubts, complete }
  }
}

const decidedAtIn = (cursor: string): string | undefined => {
  const key = unfiredCursor(cursor)
  return key === undefined ? undefined : isoOf(key.decidedAt)
}

const isAsked = (flag: 'true' | undefined): true | undefined => (flag === undefined ? undefined : true)

function cellOf({ outcome, count, fireAt, lastFireAt, decidedAt, jobId }: LedgerRow) {
  return written({ outcome, count, fireAt, lastFireAt, decidedAt, jobId })
}
