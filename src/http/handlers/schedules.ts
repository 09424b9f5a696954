import { isoOf } from '../../core/trigger/instant.ts'
import { unknownSchedule } from '../../core/schedule/schedule.ts'
import { explainFire } from '../../views/fires/explain.ts'
import { viewRow } from '../../views/fires/ledger.ts'
import { readScheduleDetails, summarize } from '../../views/schedule.ts'
import { written } from '../../views/written.ts'
import type { Store } from '../../store/store.ts'
import type { EndpointHandlers } from '../handler.ts'

type ScheduleEndpoints =
  | 'listSchedules'
  | 'getSchedule'
  | 'listLedger'
  | 'explain'
  | 'pauseSchedule'
  | 'resumeSchedule'
  | 'runSchedule'

/** As it is in lists, after a change. */
async function shown(store: Store, id: string) {
  const [read] = (await store.readSchedules([id])).schedules
  if (read === undefined) throw unknownSchedule(id)
  return written(summarize(read))
}

export const scheduleHandlers: EndpointHandlers<ScheduleEndpoints> = {
  listSchedules: async ({ store, query }) => {
    const { items, cursor } = await store.listSchedules(query)
    return { items: items.map(read => written(summarize(read))), cursor: cursor ?? null }
  },

  getSchedule: async ({ store, parameters: { id } }) => {
    const { definition, next, history, ...details } = await readScheduleDetails(store, id)
    // The payload may hold what only operators are to see.
    const { payload: _, ...shown } = definition
    return {
      ...written(details),
      definition: shown,
      next: next.map(fire => written(fire)),
      history: history.map(stretch => written(stretch))
    }
  },

  listLedger: async ({ store, parameters: { id }, query: { limit, cursor, from, until } }) => {
    const { schedules } = await store.readSchedules([id])
    if (schedules.length === 0) throw unknownSchedule(id)
    const rows = await store.listLedger({ scheduleId: id, from, until }, { limit, cursor })
    return { items: rows.items.map(row => written(viewRow(row))), cursor: rows.cursor ?? null }
  },

  explain: async ({ store, parameters: { id }, query }) => {
    const { at, trigger, explanation, row } = await explainFire(store, id, query.at)
    const { fate, sentence, previous, next, revision } = explanation
    return {
      at: isoOf(at),
      fate,
      sentence,
      ...written({ previousAt: previous, nextAt: next, revision }),
      trigger,
      row: row === undefined ? null : written(viewRow(row))
    }
  },

  pauseSchedule: async ({ store, operator, parameters: { id }, body, by }) => {
    await operator.pause(id, { note: body.note, by })
    return shown(store, id)
  },

  resumeSchedule: async ({ store, operator, parameters: { id }, by }) => {
    await operator.resume(id, { by })
    return shown(store, id)
  },

  runSchedule: ({ operator, parameters: { id }, by }) => operator.runNow(id, { by })
}
