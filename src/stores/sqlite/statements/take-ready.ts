import type { Books } from '../books.ts'
import type { Connection } from '../connection/connection.ts'
import { firstLanes } from './lanes.ts'
import type { Lane } from './lanes.ts'
import { setLane } from './places.ts'
import type { Due, LaneKey } from './places.ts'
import { comesBefore } from './wanted.ts'
import type { Wanted } from './wanted.ts'

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
  steps: number,
  snoozes: number | null,
  uniqueUntil: number | null
]

export interface Candidate {
  readonly lane: Omit<LaneKey, 'priority'>
  readonly row: CandidateRow
}

const PART = `
SELECT job.id, ready.priority, ready.run_at, payload, schedule_id, fire_at, delivery, failures, max_attempts, rescues, keep_ms, steps, snoozes, unique_until
FROM escapement_ready AS ready CROSS JOIN escapement_job AS job ON job.id = ready.id
WHERE ready.task = ? AND ready.queue = ? AND ready.priority = ? AND (ready.run_at, ready.id) > (?, ?)
ORDER BY ready.run_at, ready.id LIMIT ?`
// A claim always takes the head of a lane, so one range covers it.
const DELETE_HEAD =
  'DELETE FROM escapement_ready WHERE task = ? AND queue = ? AND priority = ? AND (run_at, id) <= (?, ?)'

/**
 * Removes the first jobs of all lanes from `ready`, in the order of a claim. Reads at most as many lanes as jobs are
 * wanted, and each lane about as far as it is taken: a lane of a million jobs costs as much as a lane of one.
 */
export function takeReady(books: Books, wanted: Wanted, limit: number): Candidate[] {
  const { connection } = books
  const lanes = firstLanes(books, wanted, limit)
  if (lanes.length === 0) return []
  const atOnce = lanes.length === 1 ? limit + 1 : Math.max(2, Math.ceil(limit / (2 * lanes.length)))
  const readers = lanes.map(lane => new Reader(connection, lane, atOnce))
  const taken = mergeHeads(readers, limit, wanted)
  for (const reader of readers) reader.remove()
  return taken
}

function mergeHeads(readers: readonly Reader[], limit: number, { agingMs }: Wanted): Candidate[] {
  const isFirst = (a: Reader, b: Reader): boolean => comesBefore(a.rank, b.rank, agingMs)
  const inOrder = [...readers]
  const taken: Candidate[] = []
  while (taken.length < limit && inOrder.length > 0) {
    const [first, second] = inOrder as [Reader, Reader | undefined]
    // One lane is often ahead for several jobs, so the others are not compared for each job.
    const isAhead = (): boolean => !first.isEmpty && (second === undefined || isFirst(first, second))
    do taken.push(first.take())
    while (taken.length < limit && isAhead())
    inOrder.shift()
    if (!first.isEmpty)
      inOrder.splice(
        insertionIndex(inOrder, other => isFirst(other, first)),
        0,
        first
      )
  }
  return taken
}

/** How many of the sorted items come before. */
function insertionIndex<T>(items: readonly T[], comesBefore: (item: T) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (comesBefore(items[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** Reads a lane from its head, part by part. */
class Reader {
  readonly #connection: Connection
  readonly #lane: Lane
  readonly #atOnce: number
  /** The next job to be taken; undefined: the lane has no more. */
  #head: Due | undefined
  #rows: readonly CandidateRow[] = []
  #next = 0
  #isAtEnd = false
  #last: Due | undefined

  constructor(connection: Connection, lane: Lane, atOnce: number) {
    this.#connection = connection
    this.#lane = lane
    this.#atOnce = atOnce
    this.#head = lane.head
  }

  get isEmpty(): boolean {
    return this.#head === undefined
  }

  /** The rank of the next job. There must be one. */
  get rank(): Due & Pick<Lane, 'priority'> {
    return { ...this.#head!, priority: this.#lane.priority }
  }

  take(): Candidate {
    if (this.#last === undefined) this.#read({ runAt: this.#lane.head.runAt, id: '' })
    const row = this.#rows[this.#next++]!
    this.#last = dueOf(row)
    if (this.#next === this.#rows.length && !this.#isAtEnd) this.#read(this.#last)
    const next = this.#rows[this.#next]
    this.#head = next && dueOf(next)
    return { lane: this.#lane, row }
  }

  /** Deletes the taken jobs from `ready`. */
  remove(): void {
    if (this.#last === undefined) return
    const { task, queue, priority } = this.#lane
    this.#connection.prepare(DELETE_HEAD).get(task, queue, priority, this.#last.runAt, this.#last.id)
    setLane(this.#connection, this.#lane, this.#head)
  }

  #read({ runAt, id }: Due): void {
    const { task, queue, priority } = this.#lane
    const part = this.#connection.prepare<CandidateRow>(PART)
    this.#rows = part.all(task, queue, priority, runAt, id, this.#atOnce)
    this.#next = 0
    this.#isAtEnd = this.#rows.length < this.#atOnce
  }
}

const dueOf = ([id, , runAt]: CandidateRow): Due => ({ runAt, id })
