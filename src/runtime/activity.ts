/** How long a node holds back for a job that has to run alone, and how long it then leaves it to others. */
const DRAIN_FOR_MS = 30_000
const DRAIN_AGAIN_AFTER_MS = 60_000
/** An idle node nearby may take it in the meantime. */
const SUSPECT_PATIENCE_MS = 1_000

/**
 * What all lanes of a process know of each other, so that a job which was rescued once runs alone: taken only while
 * nothing else runs, and nothing is claimed until it is settled (rule 8).
 */
export class Activity {
  /** Attempts that were claimed and are not over; a handler that hangs past its grace is not among them. */
  held = 0
  claims = 0
  /** A claim is under way that may bring a job which has to run alone: all others wait for its answer. */
  isClaimingAlone = false
  /** Fence of the job that runs alone, until its report is answered. */
  suspect: number | undefined
  #drainUntil = Number.NEGATIVE_INFINITY
  #drainAgainAt = Number.NEGATIVE_INFINITY

  get isIdle(): boolean {
    return this.held === 0 && this.claims === 0
  }

  isDraining(monotonic: number): boolean {
    return monotonic < this.#drainUntil
  }

  /** A claim has seen a suspect that waits: hold back, so as to become idle, if nobody else takes it. */
  sawSuspect(waitingMs: number, monotonic: number): void {
    if (waitingMs < SUSPECT_PATIENCE_MS || monotonic < this.#drainAgainAt) return
    this.#drainUntil = monotonic + DRAIN_FOR_MS
    this.#drainAgainAt = monotonic + DRAIN_FOR_MS + DRAIN_AGAIN_AFTER_MS
  }

  sawNoSuspect(): void {
    this.#drainUntil = Number.NEGATIVE_INFINITY
  }
}
