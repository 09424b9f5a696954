import type { ClaimRequest } from '../../../store/jobs.ts'
import type { Books } from '../books.ts'
import type { Cell } from '../connection/driver.ts'
import type { Due } from './places.ts'

/** Which jobs a claim may take, as a condition on the numbers of task and queue. */
export interface Wanted {
  readonly tasks: readonly number[]
  readonly condition: string
  readonly cells: readonly Cell[]
  /** All queues, or only those listed. */
  readonly queues: 'all' | 'all but paused' | readonly number[]
  /** Undefined: jobs don't age. */
  readonly agingMs: number | undefined
  readonly includes: (task: number, queue: number) => boolean
}

const PAUSED = 'SELECT queue FROM escapement_paused_queue'
/** Up to this many numbers are part of the statement's text, which is faster and lets the statement be cached. */
const FEW = 16

type Condition = Pick<Wanted, 'condition' | 'cells'>

const among = (column: string, numbers: readonly number[]): Condition => {
  if (numbers.length > FEW)
    return { condition: `${column} IN (SELECT value FROM json_each(?))`, cells: [JSON.stringify(numbers)] }
  // SQLite would build a table for a list behind IN at each run.
  const equals = numbers.map(number => `${column} = ${number}`)
  return { condition: equals.length === 0 ? 'FALSE' : `(${equals.join(' OR ')})`, cells: [] }
}

const notAmong = (column: string, numbers: readonly number[]): Condition => {
  const { condition, cells } = among(column, numbers)
  return { condition: `NOT ${condition}`, cells }
}

const both = (a: Condition, b: Condition): Condition => ({
  condition: `${a.condition} AND ${b.condition}`,
  cells: [...a.cells, ...b.cells]
})

export function wantedOf({ connection, names }: Books, request: ClaimRequest): Wanted {
  const numbers = (texts: readonly string[]): number[] =>
    texts.map(text => names.find(text)).filter(number => number !== undefined)
  const tasks = numbers(request.tasks)
  const agingMs = request.priorityAgingMs
  const paused = connection.prepare<[string]>(PAUSED).all()
  const ofTasks = among('task', tasks)
  if (request.queues !== undefined) {
    const queues = numbers(request.queues.filter(queue => !paused.some(([each]) => each === queue)))
    const includes = (task: number, queue: number): boolean => tasks.includes(task) && queues.includes(queue)
    return { tasks, queues, agingMs, includes, ...both(ofTasks, among('queue', queues)) }
  }
  const closed = numbers(paused.map(([queue]) => queue))
  const includes = (task: number, queue: number): boolean => tasks.includes(task) && !closed.includes(queue)
  if (paused.length === 0) return { tasks, queues: 'all', agingMs, includes, ...ofTasks }
  return { tasks, queues: 'all but paused', agingMs, includes, ...both(ofTasks, notAmong('queue', closed)) }
}

type Rank = Due & { readonly priority: number }

/** The order of a claim: priority, then `runAt`, then id; or by aged priority. */
export function comesBefore(a: Rank, b: Rank, agingMs: number | undefined): boolean {
  if (agingMs === undefined && a.priority !== b.priority) return a.priority < b.priority
  const aged = (agingMs ?? 0) * (a.priority - b.priority) + a.runAt - b.runAt
  return aged === 0 ? a.id < b.id : aged < 0
}
