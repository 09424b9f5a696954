import { at, createEscapement, schedule, task } from '../../src/index.ts'
import type { HandlerContext } from '../../src/core/handler.ts'
import { systemClock } from '../../src/clock/system.ts'
import { openDriver } from '../../src/stores/sqlite/driver.ts'
import { concurrency } from './drain.ts'
import { watchEventLoop } from './event-loop.ts'
import { withScratchFile } from './scratch.ts'

export interface Lateness {
  readonly p50Ms: number
  readonly p99Ms: number
  /** The longest that the event loop was held up while all of them were decided and run. */
  readonly blockedMs: number
}

/** Registering is to be over by then. */
const leadMs = (schedules: number): number => 1_000 + schedules / 4

/** One process with both roles; all schedules are due at one instant. How late their handlers are entered. */
export const latenessTogether = (schedules: number): Promise<Lateness> =>
  withScratchFile(async file => {
    const lateMs: number[] = []
    const done = Promise.withResolvers<void>()
    const arrive = task('arrive', {
      handler: (context: HandlerContext) => {
        lateMs.push(context.lateMs)
        if (lateMs.length === schedules) done.resolve()
      }
    })
    const dueAt = Date.now() + leadMs(schedules)
    const trigger = at(new Date(dueAt))
    const escapement = createEscapement({
      database: `sqlite:${file}`,
      schedules: Array.from({ length: schedules }, (_, index) => schedule(`ship-${index}`, { task: arrive, trigger })),
      roles: ['scheduler', 'worker'],
      worker: { concurrency },
      logger: false
    })
    await escapement.start()
    if (Date.now() > dueAt - 200)
      throw new Error(`registering ${schedules} schedules took too long to see them due together`)
    await systemClock.sleep(dueAt - 100 - Date.now())
    const endWatch = watchEventLoop()
    await done.promise
    const { maxMs: blockedMs } = endWatch()
    await escapement.stop()
    assertRecorded(file, schedules)
    lateMs.sort((a, b) => a - b)
    return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99), blockedMs }
  })

const percentile = (sorted: readonly number[], part: number): number => sorted[Math.ceil(sorted.length * part) - 1]!

function assertRecorded(file: string, schedules: number): void {
  const database = openDriver(file)
  const { fired } = database.prepare('SELECT count(DISTINCT schedule_id) AS fired FROM escapement_ledger').get() as {
    fired: number
  }
  database.close()
  if (fired !== schedules) throw new Error(`the ledger has rows of ${fired} of ${schedules} schedules`)
}
