import type { BookedJob } from '../books.ts'
import type { Begun, Ended } from '../history.ts'
import type { Evidence } from './rules.ts'
import { type Span, spansOfFaults, spansOfOthers } from './spans.ts'
import { type Recorded, recorded } from './recorded.ts'

/** The evidence, laid out so that every rule finds its own. */
export interface Facts extends Evidence {
  readonly jobs: ReadonlyMap<string, BookedJob>
  /** Of each job, in the order of their fences. */
  readonly attempts: ReadonlyMap<string, readonly Recorded<Begun>[]>
  /** Of each job, in the order of time. */
  readonly ends: ReadonlyMap<string, readonly Recorded<Ended>[]>
  readonly faults: readonly Span[]
  /** When the machine was not the run's alone. */
  readonly others: readonly Span[]
}

export function factsOf(evidence: Evidence): Facts {
  const { entries, books } = evidence
  const begun = recorded(entries, 'attempt.begun').sort((a, b) => a.fence - b.fence)
  const ends = recorded(entries, 'job.completed', 'job.failed', 'job.discarded', 'job.cancelled', 'job.stale')
  return {
    ...evidence,
    jobs: new Map(books.jobs.map(job => [job.id, job])),
    attempts: Map.groupBy(begun, ({ job }) => job),
    ends: Map.groupBy(ends, ({ jobId }) => jobId),
    faults: spansOfFaults(entries),
    others: spansOfOthers(entries)
  }
}
