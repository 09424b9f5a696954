import type { SeatBackend } from '../../coordination/backend.ts'
import { checkSeat, DEFAULT_SEAT } from '../../coordination/seat-name.ts'
import type { Store } from '../../store/store.ts'
import { Candidacy, type CandidacyOptions } from './candidacy.ts'
import { waitAtMost } from '../patience.ts'
import type { SeatListener } from './tenure.ts'

export type SeatsOptions = Omit<CandidacyOptions, 'seat'>

/** The seats that one Escapement stands for: those with a listener, and "primary" if it has the role `scheduler`. */
export class Seats {
  readonly #options: SeatsOptions
  readonly #candidacies = new Map<string, Candidacy>()
  #ground: { readonly store: Store; readonly backend: SeatBackend } | undefined
  #standsForPrimary = false
  #stopped: Promise<void> | undefined

  constructor(options: SeatsOptions) {
    this.#options = options
  }

  /** Returns a function that removes the listener, and gives up the seat if nobody else here wants it. */
  listen(seat: string, listener: SeatListener): () => void {
    const candidacy = this.#candidacy(checkSeat(seat))
    candidacy.add(listener)
    this.#begin(candidacy)
    return () => {
      candidacy.remove(listener)
      if (!this.#isWanted(seat, candidacy)) void this.#withdraw(seat, candidacy)
    }
  }

  isHeld(seat: string): boolean {
    return this.#candidacies.get(checkSeat(seat))?.isHeld ?? false
  }

  start(store: Store, backend: SeatBackend, standsForPrimary: boolean): void {
    if (this.#stopped !== undefined) return
    this.#ground = { store, backend }
    this.#standsForPrimary = standsForPrimary
    if (standsForPrimary) this.#candidacy(DEFAULT_SEAT)
    for (const candidacy of this.#candidacies.values()) this.#begin(candidacy)
  }

  /** Gives up all held seats, and stands for none any more. A second stop is legal. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    await Promise.all([...this.#candidacies.values()].map(candidacy => candidacy.stop()))
    const { clock, patienceMs } = this.#options
    const closed = this.#ground?.backend.close() ?? Promise.resolve()
    await waitAtMost(
      clock,
      patienceMs,
      closed.catch(() => undefined)
    )
  }

  #isWanted(seat: string, candidacy: Candidacy): boolean {
    return candidacy.hasListeners || (seat === DEFAULT_SEAT && this.#standsForPrimary)
  }

  async #withdraw(seat: string, candidacy: Candidacy): Promise<void> {
    await candidacy.stop()
    // Somebody may want it again by now.
    if (this.#isWanted(seat, candidacy)) this.#begin(candidacy)
  }

  #begin(candidacy: Candidacy): void {
    if (this.#ground === undefined || this.#stopped !== undefined) return
    candidacy.start(this.#ground.store, this.#ground.backend)
  }

  #candidacy(seat: string): Candidacy {
    let candidacy = this.#candidacies.get(seat)
    if (candidacy === undefined) {
      const { holder, clock, events, random, ttlMs, renewEveryMs, patienceMs, newId, taskOf } = this.#options
      candidacy = new Candidacy({
        seat,
        holder,
        clock,
        events,
        random,
        ttlMs,
        renewEveryMs,
        patienceMs,
        newId,
        taskOf
      })
      this.#candidacies.set(seat, candidacy)
    }
    return candidacy
  }
}
