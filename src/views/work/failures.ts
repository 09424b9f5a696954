import type { DiscardSight } from '../../core/alerts/rules/books-seen.ts'
import type { Store } from '../../store/store.ts'

/** Only the newest are looked at. */
const LOOKED_AT = 2_000
const MAX_GROUPS = 200
const MAX_LINE = 300

/** Jobs of a task that failed for good with what is the same error but for its numbers. */
export interface FailureGroup {
  readonly task: string
  /** The first line of the error; each number in it is #. */
  readonly error: string
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
  /** The newest of them. */
  readonly jobId: string
}

export interface FailureGroups {
  /** Those with the newest failure first, at most 200. */
  readonly items: readonly FailureGroup[]
  /** How many failures were looked at. */
  readonly lookedAt: number
  /** There are older failures, or more groups. */
  readonly isMore: boolean
}

export async function readFailures(store: Store): Promise<FailureGroups> {
  const newest = await store.discardedJobs(0, LOOKED_AT + 1)
  const jobs = newest.slice(0, LOOKED_AT)
  const groups = [...Map.groupBy(jobs, keyOf).values()].map(groupOf)
  const isMore = newest.length > LOOKED_AT || groups.length > MAX_GROUPS
  return { items: groups.slice(0, MAX_GROUPS), lookedAt: jobs.length, isMore }
}

const keyOf = (job: DiscardSight): string => `${job.task}\n${errorLineOf(job)}`

/** Without numbers, so that addresses, ids and durations do not make it another error. */
const errorLineOf = ({ problem = '' }: Pick<DiscardSight, 'problem'>): string =>
  (problem.trimStart().split(/[\r\n]/, 1)[0] ?? '').slice(0, MAX_LINE).replaceAll(/\d+/g, '#').trimEnd()

/** Newest first, as they were read. */
function groupOf(jobs: readonly DiscardSight[]): FailureGroup {
  const [newest] = jobs as readonly [DiscardSight, ...DiscardSight[]]
  return {
    task: newest.task,
    error: errorLineOf(newest),
    count: jobs.length,
    firstAt: jobs.at(-1)!.finishedAt,
    lastAt: newest.finishedAt,
    jobId: newest.id
  }
}
