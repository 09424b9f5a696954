import { formatInstant, instantMs, type Instant } from './instant.ts'
import type { DateJson, Trigger } from './trigger.ts'

/** One fire time. Throws `trigger-invalid`. */
export function at(instant: Instant): Trigger {
  const fireAt = instantMs('at', instant)
  return {
    next: afterMs => (afterMs < fireAt ? fireAt : undefined),
    previous: beforeMs => (beforeMs > fireAt ? fireAt : undefined),
    count: (afterMs, untilMs) => (afterMs < fireAt && fireAt <= untilMs ? 1 : 0),
    toJSON: (): DateJson => ({ kind: 'date', at: formatInstant(fireAt) })
  }
}
