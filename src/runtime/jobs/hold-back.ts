/** Waits this long first: an idle process elsewhere may take the solo job. */
export const PATIENCE_MS = 1_000
/** A process that is not idle after this time has longer jobs: the others continue meanwhile. */
export const FIRST_HOLD_BACK_MS = 30_000
const MAX_HOLD_BACK_MS = 600_000
/** Jobs that outlasted it and still run after this time may never end: then hold back again anyway. */
export const MAX_REST_MS = 600_000

/** The attempts of this process that keep it from being idle. */
export interface RunningAttempts {
  readonly fences: () => readonly number[]
  readonly knows: (fence: number) => boolean
}

/**
 * Decides when a process claims nothing more, to become idle for a solo job: a job that was rescued and runs alone
 * (rule 8).
 *
 * Only the claimer that has seen a solo job can say that none waits. A hold-back in vain is given up. The next one
 * follows as soon as the jobs that outlasted it have ended, and lasts twice as long as that took. So a solo job waits
 * at most for the patience plus three times the longest job that runs at the same time, of at most 10 minutes. Jobs
 * that never end cost the others 30 s in 10 minutes.
 */
export class HoldBack {
  readonly #running: RunningAttempts
  /** Claimers whose last look saw a solo job, with the instant since which it has waited, on the monotonic clock. */
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

  /** `waitedMs` comes from wall clocks, which may disagree: the job has waited at least since it was first seen. */
  saw(claimer: object, waitedMs: number, monotonic: number): void {
    this.#seen.set(claimer, waitedMs > 0 ? monotonic - waitedMs : (this.#seen.get(claimer) ?? monotonic))
  }

  sawNone(claimer: object): void {
    if (this.#seen.delete(claimer) && this.#seen.size === 0) this.#end()
  }

  /** A solo job was taken. Another one that waits gets a hold-back of its own. */
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
