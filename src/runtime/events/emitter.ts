import { EscapementError } from '../../core/errors.ts'
import type { EventMap, EventName } from '../../core/events.ts'
import { describe } from '../../core/options/names.ts'
import { errorOf } from '../../core/job/thrown.ts'
import { isThenable } from '../attempts/thenable.ts'

type Listener<Name extends EventName> = (facts: EventMap[Name]) => unknown

/**
 * Tells facts to whoever listens. A listener that throws or rejects hurts nobody, neither the others nor the process:
 * the first time it is told, as `listener.failed`.
 */
export class Emitter {
  /** A list is replaced and never changed: who comes or goes while facts are told is heeded with the next. */
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

  /** Whether it is worth the while to put the facts together. */
  hears(name: EventName): boolean {
    return (this.#listeners.get(name)?.length ?? 0) > 0
  }

  emit<Name extends EventName>(name: Name, facts: EventMap[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        const answer = (listener as Listener<Name>)(facts)
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
    // To tell of a listener that fails when it is told of a failure would have no end.
    if (name !== 'listener.failed') this.emit('listener.failed', { event: name, error })
  }
}
