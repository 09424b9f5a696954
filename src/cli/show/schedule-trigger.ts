import { EscapementError } from '../../core/errors.ts'
import type { TriggerJson } from '../../core/trigger/trigger.ts'
import { isThere, withBooks } from '../books/books.ts'
import type { CommonOptions } from '../command.ts'
import { loadConfig } from '../config-file.ts'

/** The trigger of a schedule: from the books, or, before its app was ever started, from the config. */
export async function scheduleTrigger(id: string, options: CommonOptions): Promise<TriggerJson> {
  const { settings } = await loadConfig(options)
  if (await isThere(settings.database)) {
    const written = await withBooks(options, async store => (await store.readSchedules([id])).schedules[0])
    if (written !== undefined && written.state.phase !== 'removed') return written.state.definition.trigger
  }
  const declared = settings.schedules.find(schedule => schedule.id === id)
  if (declared !== undefined) return declared.define(settings.defaults).trigger
  throw new EscapementError(
    'schedule-unknown',
    `There is no schedule with the id ${JSON.stringify(id)} in the books or in the config.`
  )
}
