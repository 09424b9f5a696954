import { systemClock } from '../../src/clock/system.ts'
import { newId } from '../../src/new-id.ts'
import { openPostgresStore } from '../../src/postgres.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import {
  claim,
  creation,
  definition,
  failed,
  ledgerRow,
  newJob,
  scheduleState
} from '../../tests/conformance/fixtures.ts'
import type { NewJob } from '../../src/core/job/job.ts'
import type { ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'

export interface Sizes {
  readonly jobs: number
  readonly schedules: number
}

const JOBS_AT_ONCE = 10_000
const SCHEDULES_AT_ONCE = 1_000
const FIRES_EACH = 10
const TASKS = 50
const QUEUES = 10
const DAY = 86_400_000
const MINUTE = 60_000

/** Fills empty books through the port: what a year of use may leave there, with failures and pauses among it. */
export async function fillBooks(database: string, { jobs, schedules }: Sizes): Promise<void> {
  const store = await openStore(database)
  try {
    const now = await store.now()
    for (let at = 0; at < schedules; at += SCHEDULES_AT_ONCE)
      await store.writeSchedules(
        numbers(at, Math.min(schedules, at + SCHEDULES_AT_ONCE)).map(each => written(each, now))
      )
    for (let at = 0; at < jobs; at += JOBS_AT_ONCE)
      await store.enqueue(numbers(at, Math.min(jobs, at + JOBS_AT_ONCE)).map(each => job(each, now)))
    await failSome(store)
  } finally {
    await store.close()
  }
}

const openStore = (database: string): Promise<Store> =>
  database.startsWith('sqlite:')
    ? openSqliteStore({ file: database.slice('sqlite:'.length), clock: systemClock })
    : openPostgresStore({ connection: database })

const numbers = (from: number, until: number): number[] => Array.from({ length: until - from }, (_, at) => from + at)

/** In the order in which lists have them, and with a part that a search finds only once. */
export const scheduleId = (number: number): string => `schedule-${String(number).padStart(7, '0')}`

/** One of a hundred is paused; one of a thousand of its fire times was skipped. */
function written(number: number, now: number): ScheduleWrite {
  const id = scheduleId(number)
  const isPaused = number % 100 === 7
  const trigger = { kind: 'interval' as const, everyMs: DAY }
  const state = scheduleState({
    id,
    definition: definition({ task: `task-${number % TASKS}`, trigger, queue: `queue-${number % QUEUES}` }),
    phase: isPaused ? 'paused' : 'active',
    validFrom: now - FIRES_EACH * DAY,
    decidedUntil: now,
    nextFireAt: isPaused ? undefined : now + MINUTE * (60 + (number % 1_440)),
    fires: FIRES_EACH
  })
  const rows = numbers(0, FIRES_EACH).map(fire => {
    const fireAt = now - (FIRES_EACH - fire) * DAY + (number % 1_440) * MINUTE - DAY
    const outcome = (number * FIRES_EACH + fire) % 1_000 === 3 ? 'overlapped' : 'fired'
    return ledgerRow({ scheduleId: id, fireAt, decidedAt: fireAt + 20, outcome })
  })
  return { ...creation(state), ledger: rows }
}

function job(number: number, now: number): NewJob {
  const isLater = number % 4 === 0
  return newJob({
    id: newId(),
    task: `task-${number % TASKS}`,
    queue: `queue-${number % QUEUES}`,
    runAt: isLater ? now + DAY : now,
    scheduleId: number % 20 === 1 ? scheduleId(number % 100_000) : undefined,
    keepMs: DAY,
    payload: '{"port":"Emden","ships":["Anna","Berta","Cäcilie"],"tons":12000}'
  })
}

async function failSome(store: Store): Promise<void> {
  for (const task of ['task-1', 'task-3']) {
    const { jobs } = await claim(store, { tasks: [task], limit: 1_000 })
    await store.settle(jobs.map((each, at) => failed(each, undefined, `connect ECONNREFUSED 10.0.0.${at}`)))
  }
}
