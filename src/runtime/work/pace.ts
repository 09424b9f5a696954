/** Claimed ahead is no more than a claimer finishes in so long, at the rate that was measured (rule 9). */
const AHEAD_MS = 100
/** Over so long at the least its rate is measured. */
const MEASURED_MS = 20
const MAX_AHEAD = 2_000

/** How quick a claimer is: what it finished in the time in which it had something to do. */
export class Pace {
  readonly #monotonic: () => number
  #finished = 0
  #measuredSince: number
  #finishedPerMs = 0
  /** Since when it has nothing to do but to wait for the answer of a claim, and for how long it had since it was measured. */
  #starvesSince: number | undefined
  #starvedMs = 0

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
    this.#measuredSince = monotonic()
  }

  finished(): void {
    this.#finished++
  }

  /** That the store is slow to answer does not make the claimer slow. */
  starves(): void {
    this.#starvesSince ??= this.#monotonic()
  }

  fed(): void {
    if (this.#starvesSince !== undefined) this.#starvedMs += this.#monotonic() - this.#starvesSince
    this.#starvesSince = undefined
  }

  mostAhead(): number {
    const elapsedMs = this.#monotonic() - this.#measuredSince
    if (elapsedMs >= MEASURED_MS) {
      this.#finishedPerMs = this.#finished / Math.max(1, elapsedMs - this.#starvedMs)
      this.#finished = 0
      this.#starvedMs = 0
      this.#measuredSince += elapsedMs
    }
    return Math.min(MAX_AHEAD, Math.floor(this.#finishedPerMs * AHEAD_MS))
  }
}
