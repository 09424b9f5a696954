import type { ClaimedJob, Job } from '../../../core/job/job.ts'
import { WHILE_WAITING } from '../../../core/job/unique.ts'
import type { Claim, ClaimRequest } from '../../../store/jobs.ts'
import type { MemoryBooks } from '../books.ts'
import { putJob } from './job-rows.ts'
import type { Lane } from './lane.ts'
import { byAge, byRank, isEmptyLane } from './lane.ts'

/**
 * Takes due jobs by rank, or a single solo job before all others, since an idle node is rare and must not pass it by.
 */
export function claimJobs(books: MemoryBooks, request: ClaimRequest, now: number): Claim {
  const lanes = lanesOf(books, request)
  for (const lane of lanes) wakeDue(books, lane, now)
  const first = firstOf(request)
  const solo = request.mayTakeSolo && request.limit > 0 ? first(lanes.map(lane => lane.solo)) : undefined
  const jobs = solo === undefined ? takeByRank(books, lanes, request, now) : [take(books, solo, request, now)]
  return { jobs, nextRunAt: nextRunAt(lanes), soloSince: soloSince(lanes) }
}

function lanesOf(books: MemoryBooks, request: ClaimRequest): Lane[] {
  const lanes: Lane[] = []
  for (const [key, lane] of books.lanes) {
    if (isEmptyLane(lane)) books.lanes.delete(key)
    else if (isWanted(books, request, lane)) lanes.push(lane)
  }
  return lanes
}

const isWanted = (books: MemoryBooks, request: ClaimRequest, lane: Lane): boolean =>
  request.tasks.includes(lane.task) &&
  (request.queues === undefined || request.queues.includes(lane.queue)) &&
  !books.pausedQueues.has(lane.queue)

function wakeDue(books: MemoryBooks, lane: Lane, now: number): void {
  for (let next = lane.waiting.first; next !== undefined && next.runAt <= now; next = lane.waiting.first)
    putJob(books, { ...next, state: 'available', snoozedAt: undefined })
}

function takeByRank(books: MemoryBooks, lanes: readonly Lane[], request: ClaimRequest, now: number): ClaimedJob[] {
  const taken: ClaimedJob[] = []
  while (taken.length < request.limit) {
    const first = firstOf(request)(lanes.map(lane => lane.ready))
    if (first === undefined) break
    taken.push(take(books, first, request, now))
  }
  return taken
}

/**
 * The first jobs of all lists, in the order of the claim. Jobs that age are not sorted by it: all of them are looked
 * at.
 */
const firstOf =
  ({ priorityAgingMs }: ClaimRequest) =>
  (lists: readonly Lane['ready'][]): Job | undefined => {
    const order = priorityAgingMs === undefined ? byRank : byAge(priorityAgingMs)
    let best: Job | undefined
    for (const { first, items } of lists)
      for (const job of priorityAgingMs === undefined && first !== undefined ? [first] : items)
        if (best === undefined || order(job, best) < 0) best = job
    return best
  }

function take(books: MemoryBooks, job: Job, request: ClaimRequest, now: number): ClaimedJob {
  const fence = ++books.fence
  const freed = job.uniqueUntil === WHILE_WAITING ? { uniqueKey: undefined, uniqueUntil: undefined } : {}
  putJob(books, { ...job, ...freed, state: 'running', fence, node: request.node, claimedAt: now })
  books.reported.delete(job.id)
  return {
    id: job.id,
    fence,
    task: job.task,
    queue: job.queue,
    priority: job.priority,
    payload: job.payload,
    runAt: job.runAt,
    scheduleId: job.scheduleId,
    fireAt: job.fireAt,
    delivery: job.delivery,
    attempt: job.failures + 1,
    maxAttempts: job.maxAttempts,
    rescues: job.rescues
  }
}

function nextRunAt(lanes: readonly Lane[]): number | undefined {
  if (lanes.some(lane => lane.ready.first !== undefined)) return undefined
  return earliest(lanes.map(lane => lane.waiting.first?.runAt))
}

const soloSince = (lanes: readonly Lane[]): number | undefined =>
  earliest(lanes.flatMap(lane => lane.solo.items.map(job => job.runAt)))

const earliest = (instants: readonly (number | undefined)[]): number | undefined =>
  instants.reduce((least, at) => (least === undefined || (at !== undefined && at < least) ? at : least), undefined)
