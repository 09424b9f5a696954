import { triggerFromJson } from '../../core/trigger/from-json.ts'
import type { TriggerJson } from '../../core/trigger/trigger.ts'
import { zoneOf } from '../../core/trigger/zone/zone.ts'
import { fireViewsFrom, type FireView } from './fires.ts'

/** So many fire times are computed between two looks at the time. */
const AT_ONCE = 20

export interface PreviewRequest {
  /** Only later fire times. */
  readonly afterMs: number
  readonly count: number
  /** In which to show what a trigger without a zone gives. */
  readonly timezone: string
  /** Whether there is time for more. */
  readonly mayContinue: () => boolean
}

export interface Preview {
  readonly fires: readonly FireView[]
  /** What in it probably means something else. */
  readonly doubts: readonly string[]
  /** False: it took too long; the next fire times come after the last of these. */
  readonly complete: boolean
}

/**
 * The fire times that a trigger would have.
 *
 * @throws EscapementError `trigger-invalid`, `timezone-invalid`, and what the function of the trigger throws
 */
export function previewOf(given: object, { afterMs, count, timezone, mayContinue }: PreviewRequest): Preview {
  zoneOf(timezone)
  const trigger = triggerFromJson(given as TriggerJson)
  const json = trigger.toJSON()
  const fires: FireView[] = []
  let first = trigger.next(afterMs)
  while (first !== undefined && fires.length < count) {
    if (fires.length > 0 && !mayContinue()) return { fires, doubts: trigger.doubts ?? [], complete: false }
    const wanted = Math.min(AT_ONCE, count - fires.length)
    fires.push(...fireViewsFrom(json, first, { count: wanted, fallbackZone: timezone }))
    first = trigger.next(fires.at(-1)!.at)
  }
  return { fires, doubts: trigger.doubts ?? [], complete: true }
}
