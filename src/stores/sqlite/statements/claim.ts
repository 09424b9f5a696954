import type { ClaimedJob } from '../../../core/job.ts'
import type { Claim, ClaimRequest } from '../../../store/jobs.ts'
import { orUndefined, theOne } from '../books.ts'
import type { Books } from '../books.ts'
import { deliveryOf } from '../../sql/codes.ts'
import { findLanes } from './lanes.ts'
import type { Lane, Lanes } from './lanes.ts'
import { INSERT_READY, INSERT_SUSPECT } from './places.ts'
import { comesBefore, takeReady } from './take-ready.ts'
import type { Candidate, CandidateRow } from './take-ready.ts'

/** How many jobs that have become due one claim makes available, so that it stays short after a long pause. */
const WAKE_LIMIT = 2_000

const DUE_IN_LANE = `
SELECT id, priority, run_at, rescues FROM escapement_job
WHERE state IN (0, 3) AND task = ? AND queue = ? AND run_at <= ? ORDER BY run_at, state, id LIMIT ?`
const MAKE_AVAILABLE = 'UPDATE escapement_job SET state = 1 WHERE id = ?'
const FIRST_SUSPECT = `
SELECT job.id, suspect.priority, suspect.run_at, payload, schedule_id, fire_at, delivery, failures, max_attempts, rescues, keep_ms, steps
FROM escapement_suspect AS suspect CROSS JOIN escapement_job AS job ON job.id = suspect.id
WHERE suspect.task = ? AND suspect.queue = ? ORDER BY suspect.priority, suspect.run_at, suspect.id LIMIT 1`
const DELETE_SUSPECT =
  'DELETE FROM escapement_suspect WHERE task = ? AND queue = ? AND priority = ? AND run_at = ? AND id = ?'
const TAKE_FENCES = 'UPDATE escapement_store SET last_fence = last_fence + ? RETURNING last_fence'
const INSERT_RUNNING = 'INSERT INTO escapement_running (id, fence, node, claimed_at, is_plain) VALUES (?, ?, ?, ?, ?)'

/** The answer, if it can be had without the write lock because there is nothing to be taken; undefined: claim. */
export function claimNothing(books: Books, request: ClaimRequest): Claim | undefined {
  const lanes = findLanes(books, request)
  const at = books.now()
  const isDue = lanes.waiting.some(lane => lane.at <= at)
  if (isDue || lanes.ready.length > 0 || (request.mayTakeSuspect && lanes.suspect.length > 0)) return undefined
  return answer([], lanes)
}

/** Takes due jobs by priority, `runAt` and id; or one suspect alone, before all others, since an idle node is rare. */
export function claim(books: Books, request: ClaimRequest): Claim {
  const at = books.now()
  let lanes = findLanes(books, request)
  if (wakeDue(books, lanes.waiting, at)) lanes = findLanes(books, request)
  const suspect = request.mayTakeSuspect && request.limit > 0 ? takeSuspect(books, lanes.suspect) : undefined
  const taken = suspect === undefined ? takeReady(books, lanes.ready, request.limit) : [suspect]
  if (taken.length === 0) return answer([], lanes)
  const jobs = hold(books, taken, { node: request.node, at })
  return answer(jobs, findLanes(books, request))
}

const answer = (jobs: readonly ClaimedJob[], left: Lanes): Claim => ({
  jobs,
  nextRunAt: left.ready.length > 0 ? undefined : earliest(left.waiting),
  suspectSince: earliest(left.suspect)
})

const earliest = (lanes: readonly Lane[]): number | undefined =>
  lanes.length === 0 ? undefined : Math.min(...lanes.map(lane => lane.at))

function wakeDue({ connection }: Books, lanes: readonly Lane[], at: number): boolean {
  let left = WAKE_LIMIT
  for (const { task, queue } of lanes.filter(lane => lane.at <= at)) {
    const due = connection.prepare<[string, number, number, number]>(DUE_IN_LANE).all(task, queue, at, left)
    left -= due.length
    for (const [id, priority, runAt, rescues] of due) {
      connection.prepare(MAKE_AVAILABLE).run(id)
      connection.prepare(rescues === 0 ? INSERT_READY : INSERT_SUSPECT).run(task, queue, priority, runAt, id)
    }
  }
  return left < WAKE_LIMIT
}

function takeSuspect({ connection }: Books, lanes: readonly Lane[]): Candidate | undefined {
  const suspects = lanes.map((lane): Candidate => {
    return { lane, row: connection.prepare<CandidateRow>(FIRST_SUSPECT).get(lane.task, lane.queue)! }
  })
  const first = suspects.sort((a, b) => (comesBefore(a.row, b.row) ? -1 : 1))[0]
  if (first === undefined) return undefined
  const [id, priority, runAt] = first.row
  connection.prepare(DELETE_SUSPECT).run(first.lane.task, first.lane.queue, priority, runAt, id)
  return first
}

function hold(
  { connection, names }: Books,
  taken: readonly Candidate[],
  { node, at }: { readonly node: string; readonly at: number }
): ClaimedJob[] {
  const insert = connection.prepare(INSERT_RUNNING)
  const [lastFence] = theOne(connection, connection.prepare<[number]>(TAKE_FENCES).get(taken.length))
  let fence = lastFence - taken.length
  return taken.map(({ lane, row }) => {
    const [id, priority, runAt, payload, scheduleId, fireAt, delivery, failures, maxAttempts, rescues, keepMs, steps] =
      row
    fence++
    insert.get(id, fence, node, at, keepMs <= 0 && steps === 0 ? 1 : 0)
    return {
      id,
      fence,
      task: names.textOf(lane.task),
      queue: names.textOf(lane.queue),
      priority,
      payload,
      runAt,
      scheduleId: orUndefined(scheduleId),
      fireAt: orUndefined(fireAt),
      delivery: deliveryOf(delivery),
      attempt: failures + 1,
      maxAttempts,
      rescues
    }
  })
}
