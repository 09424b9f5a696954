import type { ScheduleState } from './schedule.ts'
import type { Trigger } from '../trigger/trigger.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/** The part of a trigger that a decision uses. */
export type FireTimes = Pick<Trigger, 'next' | 'previous' | 'count'> & {
  /** Instants in (after, until] that are in the ledger already. No run of fire times spans one. */
  recorded(afterMs: number, untilMs: number): readonly number[]
}

/** The fire times of a schedule that may be decided: all of its trigger's except those that fired ahead of time. */
export function undecidedTimes({
  definition,
  firedAhead
}: Pick<ScheduleState, 'definition' | 'firedAhead'>): FireTimes {
  return new Undecided(triggerOf(definition.trigger), firedAhead ?? NONE)
}

const NONE: readonly number[] = []

/** The fire times that fired ahead and are still in the future; undefined if there are none. */
export function stillAhead(
  firedAhead: readonly number[] | undefined,
  decidedUntil: number
): readonly number[] | undefined {
  const left = firedAhead?.filter(at => at > decidedUntil)
  return left === undefined || left.length === 0 ? undefined : left
}

class Undecided implements FireTimes {
  readonly #trigger: Trigger
  readonly #gone: readonly number[]
  #isGone: ReadonlySet<number> | undefined

  constructor(trigger: Trigger, gone: readonly number[]) {
    this.#trigger = trigger
    this.#gone = gone
  }

  next(afterMs: number): number | undefined {
    let at = this.#trigger.next(afterMs)
    while (at !== undefined && this.#has(at)) at = this.#trigger.next(at)
    return at
  }

  previous(beforeMs: number): number | undefined {
    let at = this.#trigger.previous(beforeMs)
    while (at !== undefined && this.#has(at)) at = this.#trigger.previous(at)
    return at
  }

  /** A fire time of an earlier definition may not be one of this definition. */
  count(afterMs: number, untilMs: number): number {
    const gone = this.recorded(afterMs, untilMs).filter(at => this.#trigger.next(at - 1) === at)
    return this.#trigger.count(afterMs, untilMs) - gone.length
  }

  recorded(afterMs: number, untilMs: number): readonly number[] {
    return this.#gone.length === 0 ? NONE : this.#gone.filter(at => at > afterMs && at <= untilMs)
  }

  #has(at: number): boolean {
    if (this.#gone.length === 0) return false
    this.#isGone ??= new Set(this.#gone)
    return this.#isGone.has(at)
  }
}
