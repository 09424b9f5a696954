import { checkOptions, door } from '../options/options.ts'
import { formatInstant, instantMs, type Instant } from './instant.ts'
import type { DateJson, Trigger } from './trigger.ts'

const nothingMore = door<object>('trigger-invalid', {})

/**
 * Fires once, at an instant.
 *
 * @throws EscapementError `trigger-invalid`
 *
 * @example
 * ```ts
 * at('2030-01-01T09:00:00+01:00')
 * at(new Date(Date.now() + 60_000))
 * ```
 */
export function at(instant: Instant, ...more: readonly unknown[]): Trigger {
  // `list.map(at)` also passes an index and the list. Only an object as the second argument may be options.
  if (typeof more[0] === 'object' && more[0] !== null) checkOptions('at', more[0], nothingMore)
  const fireAt = instantMs('at', instant)
  return {
    next: afterMs => (afterMs < fireAt ? fireAt : undefined),
    previous: beforeMs => (beforeMs > fireAt ? fireAt : undefined),
    count: (afterMs, untilMs) => (afterMs < fireAt && fireAt <= untilMs ? 1 : 0),
    toJSON: (): DateJson => ({ kind: 'date', at: formatInstant(fireAt) })
  }
}
