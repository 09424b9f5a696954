import { durationMs, type Duration } from '../options/duration.ts'
import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'
import { lastInstantMs } from './instant.ts'
import type { SpreadJson, Trigger } from './trigger.ts'

/**
 * Delays every fire time by one offset in [0, windowMs), computed from the schedule's id: the same id has the same
 * offset in every process and release. The trigger's own `end` applies before the delay. The window is at least 1 ms.
 *
 * @throws EscapementError `trigger-invalid`, `duration-invalid`
 *
 * @example
 * ```ts
 * // Customers' reports do not all start at two o'clock; each has its own minute, every night the same.
 * spread(cron('0 2 * * *'), `report-${customer}`, '1h')
 * ```
 */
export function spread(trigger: Trigger, scheduleId: string, window: Duration): Trigger {
  const windowMs = durationMs(window, 'spread: the window')
  if (windowMs < 1) throw new EscapementError('trigger-invalid', 'spread: the window got 0; it takes at least 1 ms.')
  if (typeof scheduleId !== 'string' || scheduleId === '') {
    throw new EscapementError(
      'trigger-invalid',
      `spread: the schedule id got ${describe(scheduleId)}; it takes a text.`
    )
  }
  const offset = Math.floor(fractionOf(scheduleId) * windowMs)
  const shift = (fireAt: number | undefined) =>
    fireAt === undefined || fireAt + offset > lastInstantMs ? undefined : fireAt + offset
  return {
    doubts: trigger.doubts,
    next: afterMs => shift(trigger.next(afterMs - offset)),
    previous: beforeMs => shift(trigger.previous(Math.min(beforeMs, lastInstantMs + 1) - offset)),
    count: (afterMs, untilMs) => trigger.count(afterMs - offset, Math.min(untilMs, lastInstantMs) - offset),
    toJSON: (): SpreadJson => ({ kind: 'spread', trigger: trigger.toJSON(), scheduleId, windowMs })
  }
}

/**
 * A number in [0, 1) from a text: FNV-1a over its UTF-16 bytes, then MurmurHash3's finalizer, which separates ids that
 * differ in their last digit only.
 */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
