import type { ClaimRequest } from '../../../store/jobs.ts'
import type { Books } from '../books.ts'
import type { Statement } from '../driver.ts'

/** The jobs of one task in one queue that stand in one of the three places where jobs wait; `at` is the first one's `runAt`. */
export interface Lane {
  readonly task: number
  readonly queue: number
  readonly at: number
}

type LaneRow = readonly [task: number, queue: number, at: number]

// SQLite seeks to the first equal row and steps on from there: "greater than" would step over all jobs of a lane.
const NEXT_READY =
  'SELECT task, queue, run_at FROM escapement_ready WHERE (task, queue) >= (?, ?) ORDER BY task, queue LIMIT 1'
const NEXT_WAITING = `
SELECT task, queue, run_at FROM escapement_job WHERE state IN (0, 3) AND (task, queue) >= (?, ?) ORDER BY task, queue, run_at LIMIT 1`
const NEXT_SUSPECT = `
SELECT task, queue, run_at FROM escapement_suspect WHERE (task, queue) >= (?, ?) ORDER BY task, queue LIMIT 1`
const EARLIEST_SUSPECT = 'SELECT min(run_at) FROM escapement_suspect WHERE task = ? AND queue = ?'

export interface Lanes {
  readonly ready: readonly Lane[]
  readonly waiting: readonly Lane[]
  readonly suspect: readonly Lane[]
}

/** The lanes that a claim may take from. Jobs of other tasks are not read, however many there are. */
export function findLanes(books: Books, request: ClaimRequest): Lanes {
  const { connection, names } = books
  const tasks = request.tasks.map(task => names.find(task)).filter(task => task !== undefined)
  tasks.sort((a, b) => a - b)
  const isWanted = queueFilter(books, request.queues)
  const lanesIn = (sql: string): Lane[] => walkLanes(connection.prepare<LaneRow>(sql), tasks).filter(isWanted)
  const suspect = lanesIn(NEXT_SUSPECT).map(lane => {
    const [at] = connection.prepare<[number]>(EARLIEST_SUSPECT).get(lane.task, lane.queue)!
    return { ...lane, at }
  })
  return { ready: lanesIn(NEXT_READY), waiting: lanesIn(NEXT_WAITING), suspect }
}

function queueFilter({ connection, names }: Books, queues: readonly string[] | undefined): (lane: Lane) => boolean {
  const paused = new Set(
    connection
      .prepare<[string]>('SELECT queue FROM escapement_paused_queue')
      .all()
      .map(([queue]) => queue)
  )
  if (queues === undefined && paused.size === 0) return () => true
  return lane => {
    const queue = names.textOf(lane.queue)
    return !paused.has(queue) && (queues === undefined || queues.includes(queue))
  }
}

/** Goes through two ordered lists at once, the wanted tasks and the lanes of the index, each leaping to where the other stands. */
function walkLanes(next: Statement<LaneRow>, tasks: readonly number[]): Lane[] {
  const lanes: Lane[] = []
  let wanted = 0
  let queue = 0
  while (wanted < tasks.length) {
    const row = next.get(tasks[wanted]!, queue)
    if (row === undefined) break
    while (wanted < tasks.length && tasks[wanted]! < row[0]) wanted++
    const isMatch = tasks[wanted] === row[0]
    if (isMatch) lanes.push({ task: row[0], queue: row[1], at: row[2] })
    queue = isMatch ? row[1] + 1 : 0
  }
  return lanes
}
