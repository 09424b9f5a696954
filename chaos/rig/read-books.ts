import { verifyBooks } from '../../src/views/verification.ts'
import { allPages } from '../../src/store/pages/all-pages.ts'
import type { Job } from '../../src/core/job/job.ts'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { Store } from '../../src/store/store.ts'
import type { BookedJob, BookedNode, BookedSchedule, Books, SeatWrite } from '../books.ts'
import { type Duty, SEAT } from '../workload.ts'
import type { Backend } from './backend.ts'

const ROWS_AT_ONCE = 1_000

/** Everything that the checker wants to know of the books, past all faults. */
export async function readBooks(store: Store, backend: Backend): Promise<Omit<Books, 'nodes'>> {
  const readAt = await store.now()
  const { schedules: verifications } = await verifyBooks(store, { from: undefined, to: undefined })
  const schedules: BookedSchedule[] = []
  const ledger: LedgerRow[] = []
  for await (const { state } of allPages(cursor => store.listSchedules({ limit: ROWS_AT_ONCE, cursor }))) {
    const [first] = await store.readTimeline(state.id)
    schedules.push(bookedSchedule(state, first?.validFrom))
    const filter = { scheduleId: state.id, from: 0, until: readAt }
    for await (const row of allPages(cursor => store.listLedger(filter, { limit: ROWS_AT_ONCE, cursor })))
      ledger.push(row)
  }
  const jobs: BookedJob[] = []
  const duties: Job[] = []
  for await (const job of allPages(cursor => store.listJobs({}, { limit: ROWS_AT_ONCE, cursor }))) {
    jobs.push(booked(job))
    if (job.task === SEAT) duties.push(job)
  }
  const effects = await backend.readEffects()
  return { readAt, verifications, schedules, ledger, jobs, effects, seatWrites: seatWritesOf(duties) }
}

/** The store's stamps are in the order of the commits, since each of them looked at the seat's row. */
const seatWritesOf = (duties: readonly Job[]): SeatWrite[] =>
  duties
    .map(({ payload, createdAt }) => ({ ...(JSON.parse(payload) as Duty), seat: SEAT, createdAt }))
    .sort((a, b) => a.createdAt - b.createdAt || a.term - b.term)

const bookedSchedule = (
  { id, phase, release, orphanedAt }: ScheduleState,
  createdAt = Number.POSITIVE_INFINITY
): BookedSchedule => ({ id, createdAt, phase, release, isOrphaned: orphanedAt !== undefined })

const booked = ({ errors, ...job }: Job): BookedJob => ({ ...job, lastErrorCode: errors.at(-1)?.code })

/** To be read while the processes that are meant to be alive still are. */
export const readNodes = async (store: Store): Promise<BookedNode[]> =>
  (await store.listNodes()).map(({ pid, phase }) => ({ pid, phase }))
