import type { EventMap, EventName } from '../core/events.ts'

type Listener<Name extends EventName> = (facts: EventMap[Name]) => void

/** Tells facts to whoever listens. A listener that throws hurts nobody: its error goes to the next turn of the loop. */
export class Emitter {
  readonly #listeners = new Map<EventName, Set<Listener<never>>>()

  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** Whether it is worth the while to put the facts together. */
  hears(name: EventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0
  }

  emit<Name extends EventName>(name: Name, facts: EventMap[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        ;(listener as Listener<Name>)(facts)
      } catch (error) {
        process.nextTick(() => {
          throw error
        })
      }
    }
  }
}
