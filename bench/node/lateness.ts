import { systemClock } from '../../src/clock/system.ts'
import type { HandlerContext } from '../../src/core/handler.ts'
import { at, createEscapement, schedule, task } from '../../src/index.ts'
import { percentile } from '../bar.ts'
import { watchEventLoop } from '../event-loop.ts'
import { concurrency } from './tasks.ts'

export interface Lateness {
  readonly p50Ms: number
  readonly p99Ms: number
  /** The longest that the event loop was held up while all of them were decided and run. */
  readonly blockedMs: number
}

export interface Together {
  /** How many schedules are due at one instant. */
  readonly schedules: number
  /** How many of them the ledger has rows of. */
  readonly recorded: () => number | Promise<number>
}

/** Registering is to be over by then. */
const leadMs = (schedules: number): number => 1_000 + schedules / 2

/** One process with both roles; all schedules are due at one instant. How late their handlers are entered. */
export async function latenessTogether(database: string, { schedules, recorded }: Together): Promise<Lateness> {
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
    database,
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
  const rows = await recorded()
  if (rows !== schedules) throw new Error(`the ledger has rows of ${rows} of ${schedules} schedules`)
  return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99), blockedMs }
}
