import type { ClaimedJob } from '../../../core/job.ts'
import type { Claim, ClaimRequest } from '../../../store/jobs.ts'
import { deliveryOf } from '../../sql/codes.ts'
import type { Look } from '../floors.ts'
import type { Names } from '../names.ts'
import type { Books, Statement } from '../sql.ts'
import { holderNumber, learnLanes } from './lanes.ts'

const CLAIM: Statement = { name: 'claim', text: 'SELECT * FROM {books}.claim($1, $2, $3, $4, $5, $6, $7)' }

type ClaimedRow = readonly [
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

/** The payload of the row that comes last, and is no job. */
interface Left {
  readonly nextRunAt: number | null
  readonly suspectSince: number | null
  readonly look: Look | null
}

/** Takes due jobs by priority, `runAt` and id; or one suspect alone, before all others, since an idle node is rare. */
export async function claim(books: Books, request: ClaimRequest): Promise<Claim> {
  const { node, tasks, queues = null, limit, mayTakeSuspect } = request
  const holder = await holderNumber(books, node)
  const floors = books.floors.of(request)
  const ticket = floors.ticket(performance.now())
  const values = [holder, tasks, queues, limit, mayTakeSuspect, books.now(), ticket.floors]
  const rows = await books.database.query<ClaimedRow>(CLAIM, values)
  const { nextRunAt, suspectSince, look } = JSON.parse(rows.pop()![3]) as Left
  floors.learn(ticket, look, performance.now())
  const lanes = rows.map(([, , lane]) => lane)
  await learnLanes(books, lanes)
  // An update answers in the order of the pages.
  const jobs = rows.toSorted(byRank(books.names)).map(row => jobOf(books.names, row))
  return { jobs, nextRunAt: nextRunAt ?? undefined, suspectSince: suspectSince ?? undefined }
}

const byRank =
  (names: Names) =>
  (a: ClaimedRow, b: ClaimedRow): number =>
    (a[2] === b[2] ? 0 : names.lane(a[2])!.priority - names.lane(b[2])!.priority) ||
    a[4] - b[4] ||
    (a[0] < b[0] ? -1 : 1)

function jobOf(names: Names, row: ClaimedRow): ClaimedJob {
  const [id, fence, lane, payload, runAt, scheduleId, fireAt, delivery, failures, maxAttempts, rescues] = row
  const { task, queue } = names.lane(lane)!
  return {
    id,
    fence,
    task,
    queue,
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
