import type { ClaimedJob } from '../../../core/job/job.ts'
import { WHILE_WAITING } from '../../../core/job/unique.ts'
import type { Claim, ClaimRequest } from '../../../store/jobs.ts'
import { orUndefined, theOne } from '../books.ts'
import type { Books } from '../books.ts'
import { deliveryOf } from '../../sql/codes.ts'
import { HAS_MORE, OF_A_SCHEDULE } from './complete.ts'
import { hasSolo, isSomethingReady, nextRunAt, soloSince } from './lanes.ts'
import { takeReady } from './take-ready.ts'
import type { Candidate, CandidateRow } from './take-ready.ts'
import { isSomethingDue, isSomethingWaiting, wakeDue, WAKE_AT_ONCE } from './wake-due.ts'
import { comesBefore, wantedOf } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/** The most times that one claim makes due jobs available. More would hold the file for longer than a turn may take. */
const MAX_WAKES = 10

const TAKE_FENCES = 'UPDATE escapement_store SET last_fence = last_fence + ? RETURNING last_fence'
const FREE_KEY = 'UPDATE escapement_job SET unique_key = NULL, unique_until = NULL WHERE id = ?'
const INSERT_RUNNING = 'INSERT INTO escapement_running (id, fence, node, claimed_at, is_plain) VALUES (?, ?, ?, ?, ?)'

/** The result, if nothing can be taken and so the write lock is not needed; undefined: call `claim`. */
export function claimNothing(books: Books, request: ClaimRequest): Claim | undefined {
  const wanted = wantedOf(books, request)
  const takesSome = request.limit > 0
  if (takesSome && isSomethingReady(books, wanted)) return undefined
  if (isSomethingDue(books, books.now())) return undefined
  const answer = answerOf(books, wanted, [])
  return takesSome && request.mayTakeSolo && answer.soloSince !== undefined ? undefined : answer
}

/** Takes due jobs by priority, `runAt` and id; or one solo job alone, before all others, since an idle node is rare. */
export function claim(books: Books, request: ClaimRequest): Claim {
  const { limit, mayTakeSolo, node } = request
  const at = books.now()
  const wanted = wantedOf(books, request)
  wakeEnough(books, { wanted, limit, at })
  const solo = mayTakeSolo && limit > 0 && hasSolo(books) ? takeSolo(books, wanted) : undefined
  const taken = solo === undefined ? takeReady(books, wanted, limit) : [solo]
  const jobs = taken.length === 0 ? [] : hold(books, taken, { node, at })
  return answerOf(books, wanted, jobs)
}

/** Makes the most urgent due jobs available, until enough of them are wanted or no more are due. */
function wakeEnough(
  books: Books,
  { wanted, limit, at }: { readonly wanted: Wanted; readonly limit: number; readonly at: number }
): void {
  let enough = 0
  for (let wake = 0; wake < MAX_WAKES; wake++) {
    const woken = wakeDue(books, wanted.agingMs, at)
    enough += woken.filter(({ task, queue }) => wanted.includes(task, queue)).length
    if (woken.length < WAKE_AT_ONCE || enough >= limit) return
  }
}

const answerOf = (books: Books, wanted: Wanted, jobs: readonly ClaimedJob[]): Claim => ({
  jobs,
  nextRunAt: isSomethingReady(books, wanted) || !isSomethingWaiting(books) ? undefined : nextRunAt(books, wanted),
  soloSince: hasSolo(books) ? soloSince(books, wanted) : undefined
})

type SoloRow = readonly [task: number, queue: number, priority: number, runAt: number, id: string]
const CANDIDATE = `
SELECT id, priority, run_at, payload, schedule_id, fire_at, delivery, failures, max_attempts, rescues, keep_ms, steps, snoozes, unique_until
FROM escapement_job WHERE id = ?`
const DELETE_SOLO =
  'DELETE FROM escapement_solo WHERE task = ? AND queue = ? AND priority = ? AND run_at = ? AND id = ?'

/** There are never many. */
function takeSolo({ connection }: Books, { condition, cells, agingMs }: Wanted): Candidate | undefined {
  const sql = `SELECT task, queue, priority, run_at, id FROM escapement_solo WHERE ${condition}`
  const solo = connection
    .prepare<SoloRow>(sql)
    .all(...cells)
    .map(([task, queue, priority, runAt, id]) => ({ task, queue, priority, runAt, id }))
  const first = solo.sort((a, b) => (comesBefore(a, b, agingMs) ? -1 : 1))[0]
  if (first === undefined) return undefined
  const { task, queue, priority, runAt, id } = first
  connection.prepare(DELETE_SOLO).run(task, queue, priority, runAt, id)
  return { lane: { task, queue }, row: connection.prepare<CandidateRow>(CANDIDATE).get(id)! }
}

function plainness([, , , , scheduleId, , , , , , keepMs, steps, snoozes, uniqueUntil]: CandidateRow): number {
  if (keepMs <= 0 && steps === 0 && scheduleId === null) return 1
  if (snoozes !== null || (uniqueUntil ?? 0) !== 0) return HAS_MORE
  return scheduleId === null ? 0 : OF_A_SCHEDULE
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
    const [id, priority, runAt, payload, scheduleId, fireAt, delivery, failures, maxAttempts, rescues] = row
    fence++
    insert.get(id, fence, node, at, plainness(row))
    if (row[13] === WHILE_WAITING) connection.prepare(FREE_KEY).run(id)
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
