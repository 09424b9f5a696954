import type { FireExplanation, LocalTrigger, Trigger, TriggerJson } from '../../core/trigger/trigger.ts'
import { zoneIn } from '../../core/trigger/zone/zone-in.ts'
import { localTime } from '../../core/trigger/zone/zone.ts'
import { triggerOf } from '../../core/trigger/trigger-cache.ts'

/** A fire time with its local time in the trigger's zone, or in a fallback zone. */
export interface FireView extends FireExplanation {
  readonly at: number
}

/** At most `count` fire times of a trigger. `first` is the first of them. */
export function fireViewsFrom(
  json: TriggerJson,
  first: number | undefined,
  { count, fallbackZone }: { readonly count: number; readonly fallbackZone: string }
): FireView[] {
  const trigger = triggerOf(json)
  const fires: FireView[] = []
  for (let at = first; at !== undefined && fires.length < count; at = trigger.next(at)) {
    const { local, offset, transition } = explained(json, at, fallbackZone)
    fires.push({ at, local, offset, transition })
  }
  return fires
}

function explained(json: TriggerJson, at: number, fallbackZone: string): FireExplanation {
  const trigger = triggerOf(json)
  if (isLocal(trigger)) return trigger.explain(at)
  if (json.kind === 'anyOf') {
    const member = json.triggers.find(each => triggerOf(each).next(at - 1) === at)
    if (member !== undefined) return explained(member, at, fallbackZone)
  }
  const zone = zoneIn(json)
  const { local, offset } = localTime(zone ?? fallbackZone, at)
  return { local, offset, transition: null }
}

const isLocal = (trigger: Trigger): trigger is LocalTrigger => 'explain' in trigger
