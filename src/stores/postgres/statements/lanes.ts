import type { Lane } from '../jobs/names.ts'
import type { Books, Sql, Statement } from '../sql.ts'

const FIND_LANES: Statement = {
  text: `SELECT id, task, queue, priority FROM {books}.lane
WHERE (task, queue, priority) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[]))`
}
const MAKE_LANES: Statement = {
  text: `INSERT INTO {books}.lane (task, queue, priority) SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::smallint[]) AS new (task, queue, priority)
ORDER BY task, queue, priority ON CONFLICT DO NOTHING`
}
const LANES_BY_NUMBER: Statement = { text: 'SELECT id, task, queue, priority FROM {books}.lane WHERE id = ANY ($1)' }

type LaneRow = readonly [id: number, task: string, queue: string, priority: number]

/**
 * The numbers of the lanes, in the order given. New lanes are written first, in a commit of their own, never in a
 * transaction that may roll back: a remembered number must exist.
 */
export async function laneNumbers(books: Books, lanes: readonly Lane[]): Promise<number[]> {
  for (;;) {
    const missing = lanes.filter(lane => books.names.laneNumber(lane) === undefined)
    // Checked again after each wait: all numbers may have been forgotten meanwhile.
    if (missing.length === 0) return lanes.map(lane => books.names.laneNumber(lane)!)
    if (!(await learn(books, missing))) await books.database.query(MAKE_LANES, columnsOf(missing))
  }
}

/** Returns whether all of them are known afterwards. */
async function learn(books: Books, lanes: readonly Lane[]): Promise<boolean> {
  remember(books, await books.database.query<LaneRow>(FIND_LANES, columnsOf(lanes)))
  return lanes.every(lane => books.names.laneNumber(lane) !== undefined)
}

const columnsOf = (lanes: readonly Lane[]): unknown[] => [
  lanes.map(lane => lane.task),
  lanes.map(lane => lane.queue),
  lanes.map(lane => lane.priority)
]

/** Reads the lanes of numbers that stand in rows of jobs. */
export async function learnLanes(books: Books, numbers: Iterable<number>): Promise<void> {
  const distinct = [...new Set(numbers)]
  for (;;) {
    const missing = distinct.filter(number => books.names.lane(number) === undefined)
    if (missing.length === 0) return
    remember(books, await books.database.query<LaneRow>(LANES_BY_NUMBER, [missing]))
  }
}

function remember({ names }: Books, rows: readonly LaneRow[]): void {
  for (const [id, task, queue, priority] of rows) names.rememberLane(id, { task, queue, priority })
}

const FIND_RUNNER: Statement = { text: 'SELECT id FROM {books}.runner WHERE node = $1' }
const MAKE_RUNNER: Statement = { text: 'INSERT INTO {books}.runner (node) VALUES ($1) ON CONFLICT DO NOTHING' }

/** The number under which a node holds jobs. A new one is written in a commit of its own. */
export async function runnerNumber(books: Books, node: string): Promise<number> {
  const { database, names } = books
  const known = names.runnerNumber(node) ?? (await findRunner(database, node))
  if (known === undefined) await database.query(MAKE_RUNNER, [node])
  const number = known ?? (await findRunner(database, node))!
  names.rememberRunner(number, node)
  return number
}

const findRunner = async (sql: Sql, node: string): Promise<number | undefined> =>
  (await sql.query<[number]>(FIND_RUNNER, [node]))[0]?.[0]
