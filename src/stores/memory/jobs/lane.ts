import type { Job } from '../../../core/job/job.ts'
import { compareNumbers, compareTexts, SortedList } from '../sorted-list.ts'

type ByDue = Pick<Job, 'runAt' | 'id'>
type ByRank = ByDue & Pick<Job, 'priority'>

/**
 * The jobs of one task in one queue that wait to be claimed. A claim looks only at the lanes of its tasks and queues,
 * and only at their first jobs. So it never steps over jobs that nobody wants or that are not due.
 */
export interface Lane {
  readonly task: string
  readonly queue: string
  /** Scheduled and retryable ones, the next due first. */
  readonly waiting: SortedList<ByDue, Job>
  /** Available ones in the order of their claim, unless they age. */
  readonly ready: SortedList<ByRank, Job>
  /** Available ones that were rescued once and therefore run alone. */
  readonly solo: SortedList<ByRank, Job>
}

export const openLane = (task: string, queue: string): Lane => ({
  task,
  queue,
  waiting: new SortedList(byDue),
  ready: new SortedList(byRank),
  solo: new SortedList(byRank)
})

/** Names hold no control characters, so two pairs never make the same key. */
export const laneKey = (job: Pick<Job, 'task' | 'queue'>): string => `${job.queue}\n${job.task}`

/** The list of the lane in which a job of this state waits. */
export function placeInLane(lane: Lane, job: Job): SortedList<ByRank, Job> | SortedList<ByDue, Job> {
  if (job.state !== 'available') return lane.waiting
  return job.rescues > 0 ? lane.solo : lane.ready
}

export const isEmptyLane = (lane: Lane): boolean =>
  lane.waiting.first === undefined && lane.ready.first === undefined && lane.solo.first === undefined

/** The order of a claim: priority, then `runAt`, then id. */
export const byRank = (a: ByRank, b: ByRank): number => compareNumbers(a.priority, b.priority) || byDue(a, b)

/** Like {@link byRank}, but each further `agingMs` of waiting makes a job one priority more urgent. */
export const byAge =
  (agingMs: number) =>
  (a: ByRank, b: ByRank): number =>
    compareNumbers(a.runAt + a.priority * agingMs, b.runAt + b.priority * agingMs) || compareTexts(a.id, b.id)

const byDue = (a: ByDue, b: ByDue): number => compareNumbers(a.runAt, b.runAt) || compareTexts(a.id, b.id)
