import type { ClaimedJob } from '../../../core/job/job.ts'
import type { Claim, ClaimRequest } from '../../../store/jobs.ts'
import { deliveryOf } from '../../sql/codes.ts'
import type { Look } from '../jobs/floors.ts'
import type { Names } from '../jobs/names.ts'
import type { Books, Statement } from '../sql.ts'
import { runnerNumber, learnLanes } from './lanes.ts'

const CLAIM: Statement = { name: 'claim', text: 'SELECT * FROM {books}.claim($1, $2, $3, $4, $5, $6, $7, $8, $9)' }

type JobRow = readonly [
  id: string,
  fence: number,
  lane: number,
  payload: string,
  runAt: number,
  scheduleId: string | null,
  fireAt: number | null,
  delivery: number,
  failures: number,
  maxAttempts: number,
  rescues: number
]

/** A row without an id holds all jobs of a pack, with the fence of position 0. The last row holds what is left. */
type ClaimedRow = JobRow | readonly [id: null, fence: number | null, lane: null, payload: string]

/** The payload of the last row, which is no job. */
interface Left {
  readonly nextRunAt: number | null
  readonly soloSince: number | null
  readonly look: Look | null
}

/** Takes due jobs by priority, `runAt` and id; or one solo job alone, before all others, since an idle node is rare. */
export async function claim(books: Books, request: ClaimRequest): Promise<Claim> {
  const { node, tasks, queues = null, limit, mayTakeSolo, priorityAgingMs } = request
  const runner = await runnerNumber(books, node)
  const floors = books.floors.of(request)
  const ticket = floors.ticket(performance.now())
  const values = [
    runner,
    tasks,
    queues,
    limit,
    mayTakeSolo,
    books.now(),
    ticket.floors,
    books.packFrom,
    priorityAgingMs
  ]
  const rows = await books.database.query<ClaimedRow>(CLAIM, values)
  const { nextRunAt, soloSince, look } = JSON.parse(rows.pop()![3]) as Left
  floors.learn(ticket, look, performance.now())
  const jobs = rows.flatMap(row => (row[0] === null ? recordsOf(row[1]!, row[3]) : [row]))
  await learnLanes(
    books,
    jobs.map(([, , lane]) => lane)
  )
  // The statement returns the jobs in the order of the table's pages.
  const inOrder = jobs.sort(byRank(books.names, priorityAgingMs)).map(row => jobOf(books.names, row))
  return { jobs: inOrder, nextRunAt: nextRunAt ?? undefined, soloSince: soloSince ?? undefined }
}

const ID_LENGTH = 36

/** Parses what routines/pack.ts writes: the id, numbers with a blank after each, and the payload. */
function recordsOf(fence: number, records: string): JobRow[] {
  return records.split('\u001E').map((record, index): JobRow => {
    const numbers: number[] = []
    let from = ID_LENGTH
    while (numbers.length < 5) {
      const end = record.indexOf(' ', from)
      numbers.push(Number(record.slice(from, end)))
      from = end + 1
    }
    const [runAt, lane, maxAttempts, failures, rescues] = numbers as [number, number, number, number, number]
    const id = record.slice(0, ID_LENGTH)
    return [id, fence + index + 1, lane, record.slice(from), runAt, null, null, 0, failures, maxAttempts, rescues]
  })
}

const byRank =
  (names: Names, agingMs: number | undefined) =>
  (a: JobRow, b: JobRow): number => {
    const priorities = a[2] === b[2] ? 0 : names.lane(a[2])!.priority - names.lane(b[2])!.priority
    const order = agingMs === undefined ? priorities || a[4] - b[4] : priorities * agingMs + a[4] - b[4]
    return order || (a[0] < b[0] ? -1 : 1)
  }

function jobOf(names: Names, row: JobRow): ClaimedJob {
  const [id, fence, lane, payload, runAt, scheduleId, fireAt, delivery, failures, maxAttempts, rescues] = row
  const { task, queue, priority } = names.lane(lane)!
  return {
    id,
    fence,
    task,
    queue,
    priority,
    payload,
    runAt,
    scheduleId: scheduleId ?? undefined,
    fireAt: fireAt ?? undefined,
    delivery: deliveryOf(delivery),
    attempt: failures + 1,
    maxAttempts,
    rescues
  }
}
