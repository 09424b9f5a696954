import { EscapementError } from '../../core/errors.ts'
import { dated } from '../../core/dated.ts'
import type { Emitted, EventMap, EventName } from '../../core/events.ts'
import { describe } from '../../core/options/names.ts'
import { errorOf } from '../../core/job/thrown.ts'
import { isThenable } from '../attempts/thenable.ts'

type Listener<Name extends EventName> = (facts: EventMap[Name]) => unknown

function shownFacts<Name extends EventName>(facts: Emitted<Name>): EventMap[Name] {
  const shown: { rows?: readonly object[] } = dated<object>(facts)
  if (shown.rows !== undefined) shown.rows = shown.rows.map(row => dated(row))
  return shown as EventMap[Name]
}

/**
 * Passes facts to listeners. A listener that throws or rejects harms neither the others nor the process. Its first
 * fault is emitted as `listener.failed`.
 */
export class Emitter {
  /**
   * A list is replaced, never changed: a listener that is added or removed during an event counts from the next one.
   */
  readonly #listeners = new Map<EventName, readonly Listener<never>[]>()
  readonly #failed = new WeakSet<Listener<never>>()

  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    if (typeof listener !== 'function')
      throw new EscapementError(
        'config-invalid',
        `The listener of "${name}" is ${describe(listener)}; it takes a function.`
      )
    const listeners = this.#listeners.get(name) ?? []
    if (!listeners.includes(listener)) this.#listeners.set(name, [...listeners, listener])
    return () => this.#off(name, listener)
  }

  /** Whether it is worthwhile to collect the facts. */
  hears(name: EventName): boolean {
    return (this.#listeners.get(name)?.length ?? 0) > 0
  }

  /** Instants become dates only if somebody listens. */
  emit<Name extends EventName>(name: Name, facts: Emitted<Name>): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined || listeners.length === 0) return
    const shown = shownFacts<Name>(facts)
    for (const listener of listeners) {
      try {
        const answer = (listener as Listener<Name>)(shown)
        if (isThenable(answer))
          void Promise.resolve(answer).catch((error: unknown) => this.#fail(name, listener, error))
      } catch (error) {
        this.#fail(name, listener, error)
      }
    }
  }

  #off(name: EventName, listener: Listener<never>): void {
    const listeners = this.#listeners.get(name) ?? []
    this.#listeners.set(
      name,
      listeners.filter(other => other !== listener)
    )
  }

  #fail(name: EventName, listener: Listener<never>, thrown: unknown): void {
    const error = errorOf(thrown)
    if (this.#failed.has(listener)) return
    this.#failed.add(listener)
    // Reporting a listener that fails on `listener.failed` would never end.
    if (name !== 'listener.failed') this.emit('listener.failed', { event: name, error })
  }
}
