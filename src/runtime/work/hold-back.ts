/** An idle process nearby may take a solo job in the meantime. */
export const PATIENCE_MS = 1_000
/** What is not idle after so long has jobs that take longer: others go on meanwhile. */
export const FIRST_HOLD_BACK_MS = 30_000
const MAX_HOLD_BACK_MS = 600_000
/** What outlasted it and has not ended for so long may never end; then it is tried again all the same. */
export const MAX_REST_MS = 600_000

/** The attempts of this process, as far as they keep it from being idle. */
export interface RunningAttempts {
  readonly fences: () => readonly number[]
  readonly knows: (fence: number) => boolean
}

/**
 * When a process claims nothing more, so as to become idle for a solo job: a job that was rescued once, and runs alone (rule 8).
 *
 * Only the claimer that has seen a solo job can say that none waits. One that is in vain is given up, and followed by the next one
 * as soon as what outlasted it has ended, for twice as long as that took. So a solo job waits no longer than the patience and three times the
 * longest job that runs beside it, of 10 minutes at the most, and what never ends costs the others 30 s in 10 minutes.
 */
export class HoldBack {
  readonly #running: RunningAttempts
  /** Claimers whose last look saw a solo job, with the instant since which it waits, on the monotonic clock. */
  readonly #seen = new Map<object, number>()
  #beganAt: number | undefined
  #lengthMs = FIRST_HOLD_BACK_MS
  #inVain: { readonly beganAt: number; readonly endedAt: number; readonly outlasted: readonly number[] } | undefined

  constructor(running: RunningAttempts) {
    this.#running = running
  }

  isFor(claimer: object): boolean {
    return this.#seen.has(claimer)
  }

  /** `waitedMs` is computed by wall clocks, which may disagree: it waits since it was first seen, at the least. */
  saw(claimer: object, waitedMs: number, monotonic: number): void {
    this.#seen.set(claimer, waitedMs > 0 ? monotonic - waitedMs : (this.#seen.get(claimer) ?? monotonic))
  }

  sawNone(claimer: object): void {
    if (this.#seen.delete(claimer) && this.#seen.size === 0) this.#end()
  }

  /** A solo job was taken; another one that waits is held back for anew. */
  succeeded(): void {
    this.#end()
  }

  /** Whether to hold back at this instant. */
  isOn(monotonic: number): boolean {
    if (this.#seen.size === 0) return false
    if (this.#beganAt !== undefined && monotonic >= this.#beganAt + this.#lengthMs)
      this.#giveUp(this.#beganAt, monotonic)
    if (this.#beganAt === undefined && this.#isDue(monotonic)) this.#begin(monotonic)
    return this.#beganAt !== undefined
  }

  hasLasted(ms: number, monotonic: number): boolean {
    return this.#beganAt !== undefined && monotonic >= this.#beganAt + ms
  }

  #isDue(monotonic: number): boolean {
    if (this.#inVain === undefined) return monotonic >= Math.min(...this.#seen.values()) + PATIENCE_MS
    return !this.#isOutlasted() || monotonic >= this.#inVain.endedAt + MAX_REST_MS
  }

  #isOutlasted(): boolean {
    return this.#inVain?.outlasted.some(fence => this.#running.knows(fence)) ?? false
  }

  #begin(monotonic: number): void {
    const tookMs = this.#inVain === undefined || this.#isOutlasted() ? 0 : monotonic - this.#inVain.beganAt
    this.#lengthMs = Math.min(MAX_HOLD_BACK_MS, Math.max(FIRST_HOLD_BACK_MS, 2 * tookMs))
    this.#beganAt = monotonic
    this.#inVain = undefined
  }

  #giveUp(beganAt: number, endedAt: number): void {
    this.#inVain = { beganAt, endedAt, outlasted: this.#running.fences() }
    this.#beganAt = undefined
  }

  #end(): void {
    this.#beganAt = undefined
    this.#inVain = undefined
  }
}
