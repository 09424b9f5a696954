import { triggerWith } from './from-json.ts'
import type { Trigger, TriggerJson } from './trigger.ts'

const MAX_REMEMBERED = 20_000
const byDefinition = new WeakMap<TriggerJson, Trigger>()
const byText = new Map<string, Trigger>()

/** The trigger of a definition. It is parsed once, and shared by all schedules with an equal definition. */
export function triggerOf(json: TriggerJson): Trigger {
  const known = byDefinition.get(json)
  if (known !== undefined) return known
  const trigger = isOfOneSchedule(json) ? triggerWith(json, triggerOf) : shared(json)
  byDefinition.set(json, trigger)
  return trigger
}

/** It would be remembered for nobody else. What it spreads is shared. */
const isOfOneSchedule = (json: TriggerJson): boolean => json?.kind === 'spread'

function shared(json: TriggerJson): Trigger {
  const text = JSON.stringify(json)
  const trigger = byText.get(text) ?? triggerWith(json, triggerOf)
  if (byText.size >= MAX_REMEMBERED) byText.clear()
  byText.set(text, trigger)
  return trigger
}
