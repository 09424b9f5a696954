import { HoldBack, type RunningAttempts } from './hold-back.ts'

/**
 * What all claimers of a process know of each other, so that a job which was rescued once runs alone: taken only while
 * nothing else runs, and nothing is claimed until it is settled (rule 8).
 */
export class Activity {
  /** Attempts that were claimed and are not over; a handler that hangs past its grace is not among them. */
  held = 0
  claims = 0
  /** A claim is under way that may bring a job which has to run alone: all others wait for its answer. */
  isClaimingAlone = false
  /** Fence of the job that runs alone, until its report is answered. */
  solo: number | undefined
  readonly holdBack: HoldBack

  constructor(running: RunningAttempts) {
    this.holdBack = new HoldBack(running)
  }

  get isIdle(): boolean {
    return this.held === 0 && this.claims === 0
  }
}
