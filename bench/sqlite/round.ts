import { type CountedIdle, idleNode, medianIdle } from '../node/idle.ts'
import { inRounds, type Run } from '../run.ts'
import { runtimeDrain } from './drain.ts'
import { enqueueByCallers } from './enqueue.ts'
import { drainByProcesses, turningOnly } from './processes.ts'
import { rawDrain, rawInsert } from './raw.ts'
import { lateness, registering } from './schedules.ts'
import { withScratchFile } from './scratch.ts'
import { storeDrain } from './store-drain.ts'

interface Sizes {
  readonly jobs: number
  /** Of four processes together: long enough that who starts first matters little. */
  readonly sharedJobs: number
  readonly singleJobs: number
  readonly few: number
  readonly many: number
  readonly registered: number
}

const whole: Sizes = {
  jobs: 100_000,
  sharedJobs: 300_000,
  singleJobs: 30_000,
  few: 1_000,
  many: 10_000,
  registered: 100_000
}
const quick: Sizes = { jobs: 1_000, sharedJobs: 3_000, singleJobs: 100, few: 10, many: 100, registered: 100 }

const sizesOf = (isQuick: boolean): Sizes => (isQuick ? quick : whole)

/** Everything once, references and ours in turn, so that both meet the same minute of a noisy machine. */
export async function measureRound(isQuick: boolean, tell: Run['tell']) {
  const { jobs, sharedJobs, singleJobs, few, many, registered } = sizesOf(isQuick)
  tell('drain')
  const rawDrain100 = await rawDrain({ jobs, batch: 100 })
  const dropped = await runtimeDrain({ jobs, fate: 'dropped' })
  const rawDrain500 = await rawDrain({ jobs, batch: 500 })
  const store = await storeDrain({ jobs, batch: 500 })
  const kept = await runtimeDrain({ jobs, fate: 'kept' })
  tell('drain by four processes')
  const shared = await drainByProcesses({ jobs: sharedJobs, processes: 4 })
  const turning = await turningOnly(4)
  tell('enqueue')
  const rawInsert10 = await rawInsert({ jobs, batch: 10 })
  const tenCallers = await enqueueByCallers({ jobs: singleJobs, callers: 10 })
  const rawInsert1000 = await rawInsert({ jobs, batch: 1_000 })
  const bulk = await enqueueByCallers({ jobs, callers: 1_000 })
  tell('schedules due together')
  const lateFew = await lateness(few)
  const lateMany = await lateness(many)
  tell('registering schedules')
  const registration = await registering(registered)
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
    lateFew,
    lateMany,
    registration
  }
}

export type Round = Awaited<ReturnType<typeof measureRound>>

export interface Idling {
  readonly worker: CountedIdle
  readonly fewSchedules: CountedIdle
  readonly manySchedules: CountedIdle
}

/** Side by side: processor time and memory are a process's own, so that three that wait don't disturb each other. */
export async function measureIdling(run: Run): Promise<Idling> {
  const { isQuick } = run
  const { registered } = sizesOf(isQuick)
  const idle = (role: 'worker' | 'scheduler', schedules: number): Promise<CountedIdle> =>
    withScratchFile(file => idleNode(`sqlite:${file}`, { role, schedules, isQuick }))
  const samples = await inRounds(run, tell => {
    tell('idling')
    return Promise.all([idle('worker', 0), idle('scheduler', 10), idle('scheduler', registered)])
  })
  return {
    worker: medianIdle(samples.map(([worker]) => worker)),
    fewSchedules: medianIdle(samples.map(([, few]) => few)),
    manySchedules: medianIdle(samples.map(([, , many]) => many))
  }
}
