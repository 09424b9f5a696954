import { EscapementError } from '../errors.ts'
import { describe } from '../options/names.ts'
import type { AnyOfJson, Trigger } from './trigger.ts'

/**
 * Combines the fire times of several triggers; equal instants are one fire. `count` has to walk through the fire times
 * to find equal ones: it costs one `next` of each trigger per fire time.
 *
 * @throws EscapementError `trigger-invalid`, also without a trigger
 *
 * @example
 * ```ts
 * anyOf(cron('0 9 * * mon-fri'), cron('0 11 * * sat,sun'))
 * ```
 */
export function anyOf(...triggers: Trigger[]): Trigger {
  for (const [index, trigger] of triggers.entries()) checkTrigger(trigger, index)
  const [only] = triggers
  if (!only) throw new EscapementError('trigger-invalid', 'anyOf got no trigger; it takes at least one.')
  const next = (afterMs: number) =>
    triggers.reduce(
      earliestOf(trigger => trigger.next(afterMs)),
      undefined
    )
  return {
    doubts: triggers.flatMap(trigger => trigger.doubts ?? []),
    next,
    previous: beforeMs =>
      triggers.reduce(
        latestOf(trigger => trigger.previous(beforeMs)),
        undefined
      ),
    count: (afterMs, untilMs) =>
      triggers.length === 1 ? only.count(afterMs, untilMs) : countMerged(triggers, afterMs, untilMs),
    toJSON: (): AnyOfJson => ({ kind: 'anyOf', triggers: triggers.map(trigger => trigger.toJSON()) })
  }
}

function checkTrigger(trigger: Trigger, index: number): void {
  if (typeof (trigger as Partial<Trigger> | null)?.next === 'function') return
  const cure = Array.isArray(trigger) ? ' Write anyOf(...triggers) for a list of them.' : ''
  throw new EscapementError(
    'trigger-invalid',
    `anyOf: argument ${index + 1} is ${describe(trigger)}; it takes a trigger such as cron() or every().${cure}`
  )
}

type Pick = (best: number | undefined, trigger: Trigger) => number | undefined

function earliestOf(fire: (trigger: Trigger) => number | undefined): Pick {
  return (best, trigger) => {
    const candidate = fire(trigger)
    return best === undefined || (candidate !== undefined && candidate < best) ? candidate : best
  }
}

function latestOf(fire: (trigger: Trigger) => number | undefined): Pick {
  return (best, trigger) => {
    const candidate = fire(trigger)
    return best === undefined || (candidate !== undefined && candidate > best) ? candidate : best
  }
}

/** Counts the merged fire times. Only triggers that are at the instant just counted move forward. */
function countMerged(triggers: Trigger[], afterMs: number, untilMs: number): number {
  const heads = triggers.map(trigger => trigger.next(afterMs) ?? Infinity)
  let count = 0
  for (let fireAt = Math.min(...heads); fireAt <= untilMs && fireAt !== Infinity; fireAt = Math.min(...heads)) {
    count += 1
    for (const [index, trigger] of triggers.entries()) {
      if (heads[index] === fireAt) heads[index] = trigger.next(fireAt) ?? Infinity
    }
  }
  return count
}
