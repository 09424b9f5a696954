import { EscapementError } from '../../src/core/errors.ts'
import type { Store } from '../../src/store/store.ts'
import type { Chance } from './chance.ts'

/**
 * What stands between a process and its store. A shut gate is a frozen process: its calls are not sent, and answers do
 * not arrive, until it opens. One that never opens again is a process that died just there.
 */
export class Gate {
  #shut: Promise<void> | undefined
  #release: (() => void) | undefined
  #onShut: (() => void) | undefined
  #passesLeft = Infinity
  #answersLeft = Infinity

  get isShut(): boolean {
    return this.#shut !== undefined
  }

  /** Spares the calls of a healthy process a turn. */
  get isInTheWay(): boolean {
    return this.isShut || this.#passesLeft < Infinity
  }

  shut(): void {
    this.#passesLeft = Infinity
    if (this.#shut !== undefined) return
    this.#shut = new Promise(resolve => (this.#release = resolve))
    this.#onShut?.()
  }

  /** In the middle of whatever the process does, after it has passed so many times. */
  shutAfter(passes: number): void {
    this.#passesLeft = passes
  }

  /** The answer after so many others is lost on its way back: the call was done, and its caller gets an error. */
  loseAnswerAfter(answers: number): void {
    this.#answersLeft = answers
  }

  open(): void {
    this.#shut = undefined
    this.#release?.()
  }

  /** Undefined when the gate is open. */
  pass(): Promise<void> | undefined {
    if (this.#passesLeft-- <= 0) this.shut()
    return this.#shut?.then(() => this.pass())
  }

  answer(): void {
    if (this.#answersLeft-- > 0) return
    this.#answersLeft = Infinity
    throw new EscapementError('store-unavailable', 'The answer was lost.')
  }

  /** Resolves when the work has ended, or the gate has shut before its eyes. */
  async until(work: Promise<void>): Promise<void> {
    if (this.isShut) return
    const shut = new Promise<void>(resolve => (this.#onShut = resolve))
    await Promise.race([work, shut])
  }
}

/** The store as a process behind the gate sees it: each call takes another time, so that the calls of all interleave. */
export function behindGate(store: Store, gate: Gate, chance: Chance): Store {
  const through =
    (method: (...args: unknown[]) => Promise<unknown>) =>
    async (...args: unknown[]): Promise<unknown> => {
      for (let delay = chance.below(3); delay > 0; delay--) await Promise.resolve()
      if (gate.isInTheWay) await gate.pass()
      const answer = await method(...args)
      if (gate.isInTheWay) await gate.pass()
      gate.answer()
      return answer
    }
  const methods = Object.entries(store).filter(
    ([name, value]) => typeof value === 'function' && name !== 'watch' && name !== 'close'
  )
  return { ...store, ...Object.fromEntries(methods.map(([name, method]) => [name, through(method)])) }
}
