import { HoldBack, type RunningAttempts } from './hold-back.ts'

/**
 * What the claimers of a process know of each other, so that a job that was rescued runs alone. It is taken only while
 * nothing else runs, and nothing is claimed until it is settled (rule 8).
 */
export class Activity {
  /** Attempts that were claimed and are not over, without handlers that hang past their grace. */
  held = 0
  claims = 0
  /** A claim is under way that may bring a solo job: all others wait for its result. */
  isClaimingAlone = false
  /** Fence of the solo job, until the store has confirmed its report. */
  solo: number | undefined
  readonly holdBack: HoldBack

  constructor(running: RunningAttempts) {
    this.holdBack = new HoldBack(running)
  }

  get isIdle(): boolean {
    return this.held === 0 && this.claims === 0
  }
}
