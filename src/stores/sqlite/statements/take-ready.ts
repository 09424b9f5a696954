import type { Books } from '../books.ts'
import type { Lane } from './lanes.ts'

/** What a claim reads of a job. */
export type CandidateRow = readonly [
  id: string,
  priority: number,
  runAt: number,
  payload: string,
  scheduleId: string | null,
  fireAt: number | null,
  delivery: number,
  failures: number,
  maxAttempts: number,
  rescues: number,
  keepMs: number,
  steps: number
]

export interface Candidate {
  readonly lane: Pick<Lane, 'task' | 'queue'>
  readonly row: CandidateRow
}

const HEAD = `
SELECT job.id, ready.priority, ready.run_at, payload, schedule_id, fire_at, delivery, failures, max_attempts, rescues, keep_ms, steps
FROM escapement_ready AS ready CROSS JOIN escapement_job AS job ON job.id = ready.id
WHERE ready.task = ? AND ready.queue = ? ORDER BY ready.priority, ready.run_at, ready.id LIMIT ?`
// What a claim takes of a lane is always its head, so that one range covers it.
const DELETE_HEAD = 'DELETE FROM escapement_ready WHERE task = ? AND queue = ? AND (priority, run_at, id) <= (?, ?, ?)'

/** Takes the first jobs of all lanes together out of `ready`, in the order of priority, `runAt` and id. */
export function takeReady(books: Books, lanes: readonly Lane[], limit: number): Candidate[] {
  if (lanes.length === 0 || limit <= 0) return []
  const taken = lanes.length === 1 ? headOf(books, lanes[0]!, limit) : mergeHeads(books, lanes, limit)
  const lastOfLane = new Map<Candidate['lane'], CandidateRow>()
  for (const { lane, row } of taken) lastOfLane.set(lane, row)
  const deleteHead = books.connection.prepare(DELETE_HEAD)
  for (const [{ task, queue }, [id, priority, runAt]] of lastOfLane) deleteHead.run(task, queue, priority, runAt, id)
  return taken
}

const headOf = ({ connection }: Books, lane: Lane, limit: number): Candidate[] =>
  connection
    .prepare<CandidateRow>(HEAD)
    .all(lane.task, lane.queue, limit)
    .map(row => ({ lane, row }))

interface Reader {
  readonly lane: Lane
  readonly rows: Iterator<CandidateRow, unknown>
  head: CandidateRow
  isAtEnd: boolean
}

/** Reads each lane only as far as it is taken: a lane of a million jobs costs as much as a lane of one. */
function mergeHeads(books: Books, lanes: readonly Lane[], limit: number): Candidate[] {
  const readers = lanes
    .map((lane, index) => openReader(books, lane, { index, limit }))
    .filter(reader => reader !== undefined)
  const taken: Candidate[] = []
  while (taken.length < limit && readers.length > 0) {
    const [first, second] = firstTwo(readers)
    // Mostly a lane is ahead for a while, so that the others need not be looked at for each job.
    const isAhead = (): boolean => second === undefined || comesBefore(first.head, second.head)
    do taken.push({ lane: first.lane, row: first.head })
    while (advance(first) && taken.length < limit && isAhead())
    if (first.isAtEnd) readers.splice(readers.indexOf(first), 1)
  }
  for (const { rows } of readers) rows.return?.()
  return taken
}

function firstTwo(readers: readonly Reader[]): [Reader, Reader | undefined] {
  let first = readers[0]!
  let second: Reader | undefined
  for (const reader of readers.slice(1)) {
    if (comesBefore(reader.head, first.head)) [first, second] = [reader, first]
    else if (second === undefined || comesBefore(reader.head, second.head)) second = reader
  }
  return [first, second]
}

function advance(reader: Reader): boolean {
  const next = reader.rows.next()
  if (next.done === true) reader.isAtEnd = true
  else reader.head = next.value
  return !reader.isAtEnd
}

/** A statement can be read by one at a time, so that each lane has its own, told apart by a comment. */
function openReader(
  { connection }: Books,
  lane: Lane,
  { index, limit }: { readonly index: number; readonly limit: number }
): Reader | undefined {
  const rows = connection.prepare<CandidateRow>(`${HEAD} -- reader ${index}`).iterate(lane.task, lane.queue, limit)
  const first = rows.next()
  return first.done === true ? undefined : { lane, rows, head: first.value, isAtEnd: false }
}

/** The order of a claim: priority, then `runAt`, then id. */
export function comesBefore(a: CandidateRow, b: CandidateRow): boolean {
  if (a[1] !== b[1]) return a[1] < b[1]
  if (a[2] !== b[2]) return a[2] < b[2]
  return a[0] < b[0]
}
