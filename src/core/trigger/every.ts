import { durationMs, type Duration } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import { judgedLater } from '../options/forms.ts'
import { describe } from '../options/names.ts'
import { checkOptions, door } from '../options/options.ts'
import { isExpression } from './cron/cron-cure.ts'
import { boundsOf, type BoundsOptions } from './bounds.ts'
import type { IntervalJson, Trigger } from './trigger.ts'

const everyDoor = door<BoundsOptions>('trigger-invalid', { start: judgedLater, end: judgedLater })

/**
 * Fires at a fixed interval of at least 1 ms. `start` is the first fire time and the anchor. Without it the anchor is
 * the Unix epoch, so that a restart shifts nothing.
 *
 * @throws EscapementError `duration-invalid`, `trigger-invalid`
 *
 * @example
 * ```ts
 * every('5m')
 * every('6h', { start: '2026-01-01T03:00:00Z' })
 * ```
 */
export function every(interval: Duration, options: BoundsOptions = {}): Trigger {
  checkOptions('every', options, everyDoor)
  if (typeof interval === 'string' && isExpression(interval))
    throw new EscapementError(
      'duration-invalid',
      `every: the interval got ${describe(interval)}; it takes a duration. Write cron(${describe(interval)}).`
    )
  const everyMs = durationMs(interval, 'every: the interval')
  if (everyMs < 1) throw new EscapementError('trigger-invalid', 'every: the interval got 0; it takes at least 1 ms.')
  const { startMs, endMs, json } = boundsOf('every', options)
  const lastIndex = Math.floor((endMs - startMs) / everyMs)
  /** How many fire times are at or before an instant. */
  const countUntil = (ms: number) => Math.min(lastIndex, Math.max(-1, Math.floor((ms - startMs) / everyMs))) + 1
  const fireAt = (index: number) => (index >= 0 && index <= lastIndex ? startMs + index * everyMs : undefined)
  return {
    next: afterMs => fireAt(countUntil(afterMs)),
    previous: beforeMs => fireAt(Math.min(lastIndex, Math.ceil((beforeMs - startMs) / everyMs) - 1)),
    count: (afterMs, untilMs) => Math.max(0, countUntil(untilMs) - countUntil(afterMs)),
    toJSON: (): IntervalJson => ({ kind: 'interval', everyMs, ...json })
  }
}
