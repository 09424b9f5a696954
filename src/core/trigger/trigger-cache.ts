import { triggerFromJson } from './from-json.ts'
import type { Trigger, TriggerJson } from './trigger.ts'

const MAX_REMEMBERED = 20_000
const byDefinition = new WeakMap<TriggerJson, Trigger>()
const byText = new Map<string, Trigger>()

/** The trigger of a definition. It is parsed once, and shared by all schedules with an equal definition. */
export function triggerOf(json: TriggerJson): Trigger {
  const known = byDefinition.get(json)
  if (known !== undefined) return known
  const text = JSON.stringify(json)
  const trigger = byText.get(text) ?? triggerFromJson(json)
  if (byText.size >= MAX_REMEMBERED) byText.clear()
  byText.set(text, trigger)
  byDefinition.set(json, trigger)
  return trigger
}
