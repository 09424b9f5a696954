import { atMostOnceRuns } from './at-most-once-runs.ts'
import { clockRuns } from './clock-runs.ts'
import { fireRuns } from './fire-runs.ts'
import { jobsRuns } from './jobs-runs.ts'
import { leaseRuns } from './lease-runs.ts'
import { ownersRuns } from './owners-runs.ts'
import { renewalRuns } from './renewal-runs.ts'
import { soloRuns } from './solo-runs.ts'
import type { ModelRun } from './run.ts'

/** Every run of every model: all rules in, and each rule out. */
export const modelRuns: readonly ModelRun[] = [
  ...leaseRuns,
  ...renewalRuns,
  ...fireRuns,
  ...ownersRuns,
  ...clockRuns,
  ...jobsRuns,
  ...atMostOnceRuns,
  ...soloRuns
]
