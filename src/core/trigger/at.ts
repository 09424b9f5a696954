import { checkOptions, door } from '../options/options.ts'
import { formatInstant, instantMs, type Instant } from './instant.ts'
import type { DateJson, Trigger } from './trigger.ts'

const nothingMore = door<object>('trigger-invalid', {})

/** One fire time. Throws `trigger-invalid`. */
export function at(instant: Instant, ...more: readonly unknown[]): Trigger {
  // Behind what a list's map() hands over stand a number and the list: those say nothing, an option would.
  if (typeof more[0] === 'object' && more[0] !== null) checkOptions('at', more[0], nothingMore)
  const fireAt = instantMs('at', instant)
  return {
    next: afterMs => (afterMs < fireAt ? fireAt : undefined),
    previous: beforeMs => (beforeMs > fireAt ? fireAt : undefined),
    count: (afterMs, untilMs) => (afterMs < fireAt && fireAt <= untilMs ? 1 : 0),
    toJSON: (): DateJson => ({ kind: 'date', at: formatInstant(fireAt) })
  }
}
