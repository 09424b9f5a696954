import { enqueueByCallers } from './enqueue.ts'
import { runtimeDrain } from './drain.ts'
import { idleCost, importTime, bareRssMb } from './idle.ts'
import { latenessTogether } from './lateness.ts'
import { drainByProcesses, turningOnly } from './processes.ts'
import { rawDrain, rawInsert } from './raw.ts'
import { registerSchedules } from './register.ts'
import { storeDrain } from './store-drain.ts'

const JOBS = 100_000
/** Of four processes together: long enough that who starts first matters little. */
const SHARED_JOBS = 300_000
const SINGLE_JOBS = 30_000

export type Tell = (progress: string) => void

/** Everything once, references and ours in turn, so that both meet the same minute of a noisy machine. */
export async function measureRound(tell: Tell) {
  tell('drain')
  const rawDrain100 = await rawDrain({ jobs: JOBS, batch: 100 })
  const dropped = await runtimeDrain({ jobs: JOBS, fate: 'dropped' })
  const rawDrain500 = await rawDrain({ jobs: JOBS, batch: 500 })
  const store = await storeDrain({ jobs: JOBS, batch: 500 })
  const kept = await runtimeDrain({ jobs: JOBS, fate: 'kept' })
  tell('drain by four processes')
  const shared = await drainByProcesses({ jobs: SHARED_JOBS, processes: 4 })
  const turning = await turningOnly(4)
  tell('enqueue')
  const rawInsert10 = await rawInsert({ jobs: JOBS, batch: 10 })
  const tenCallers = await enqueueByCallers({ jobs: SINGLE_JOBS, callers: 10 })
  const rawInsert1000 = await rawInsert({ jobs: JOBS, batch: 1_000 })
  const bulk = await enqueueByCallers({ jobs: JOBS, callers: 1_000 })
  tell('schedules due together')
  const late1000 = await latenessTogether(1_000)
  const late10000 = await latenessTogether(10_000)
  tell('registering 100,000 schedules')
  const registering = await registerSchedules(100_000)
  tell('import')
  const importing = { ...importTime(), bareRssMb: bareRssMb() }
  return {
    rawDrain100,
    rawDrain500,
    dropped,
    store,
    kept,
    shared,
    turning,
    rawInsert10,
    rawInsert1000,
    tenCallers,
    bulk,
    late1000,
    late10000,
    registering,
    importing
  }
}

export type Round = Awaited<ReturnType<typeof measureRound>>

/** Side by side: processor time and memory are a process's own, so that three that wait don't disturb each other. */
export async function measureIdling() {
  const [worker, fewSchedules, manySchedules] = await Promise.all([
    idleCost({ role: 'worker', schedules: 0 }),
    idleCost({ role: 'scheduler', schedules: 10 }),
    idleCost({ role: 'scheduler', schedules: 100_000 })
  ])
  return { worker, fewSchedules, manySchedules }
}

export type Idling = Awaited<ReturnType<typeof measureIdling>>
