/** A claimer claims ahead at most what it finishes in this time, at its measured rate (rule 9). */
const AHEAD_MS = 100
/** Its rate is measured over at least this time. */
const MEASURED_MS = 20
const MAX_AHEAD = 2_000

/** How quick a claimer is: what it finished in the time in which it had work. */
export class Pace {
  readonly #monotonic: () => number
  #finished = 0
  #measuredSince: number
  #finishedPerMs = 0
  /** Since when it only waits for a claim, and how long it has done so since the last measurement. */
  #starvesSince: number | undefined
  #starvedMs = 0

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
    this.#measuredSince = monotonic()
  }

  finished(): void {
    this.#finished++
  }

  /** A slow store does not make the claimer slow. */
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
