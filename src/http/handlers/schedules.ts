import { isoOf } from '../../core/trigger/instant.ts'
import { triggerFromJson } from '../../core/trigger/from-json.ts'
import { unknownSchedule } from '../../core/schedule/schedule.ts'
import type { UpdateOptions } from '../../core/schedule/run-time/update-options.ts'
import { explainFire } from '../../views/fires/explain.ts'
import { viewRow } from '../../views/fires/ledger.ts'
import { readScheduleDetails, summarize } from '../../views/schedule.ts'
import { written } from '../../views/written.ts'
import type { Store } from '../../store/store.ts'
import type { EndpointHandlers } from '../handler.ts'

type ScheduleEndpoints =
  | 'getSchedule'
  | 'putSchedule'
  | 'updateSchedule'
  | 'removeSchedule'
  | 'restoreSchedule'
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

/** As it is alone. The payload may hold what only operators are to see. */
async function shownAlone(store: Store, id: string) {
  const { definition, next, history, health, ...details } = await readScheduleDetails(store, id)
  const { payload: _, ...shown } = definition
  return {
    ...written(details),
    health: written(health),
    definition: shown,
    next: next.map(fire => written(fire)),
    history: history.map(stretch => written(stretch))
  }
}

export const scheduleHandlers: EndpointHandlers<ScheduleEndpoints> = {
  getSchedule: ({ store, parameters: { id } }) => shownAlone(store, id),

  putSchedule: async ({ store, writes, parameters: { id }, body, by, expected }) => {
    const { reason: _, trigger, ...options } = body
    const given = { ...options, trigger: triggerFromJson(trigger) }
    const { outcome } = await writes.putSchedule(id, given, { by }, expected)
    return { ...(await shownAlone(store, id)), outcome }
  },

  updateSchedule: async ({ store, writes, parameters: { id }, body, by, expected }) => {
    const { reason: _, trigger, ...options } = body
    const given = trigger === undefined ? options : { ...options, trigger: triggerFromJson(trigger) }
    await writes.updateSchedule(id, given as UpdateOptions, { by }, expected)
    return shownAlone(store, id)
  },

  removeSchedule: async ({ operator, parameters: { id }, body: { forGood }, by, expected }) => {
    await operator.remove(id, { forGood, by, expected })
    return { id }
  },

  restoreSchedule: async ({ store, operator, parameters: { id }, by }) => {
    await operator.restore(id, { by })
    return shown(store, id)
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
