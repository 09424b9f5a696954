import { systemClock } from '../../src/clock/system.ts'
import type { HandlerContext } from '../../src/core/job/handler.ts'
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

/**
 * On books that are new with each call of `measure`: as soon as all are registered in time, which a busy machine takes
 * longer for.
 */
export async function inTime(
  schedules: number,
  measure: (leadMs: number) => Promise<Lateness | undefined>
): Promise<Lateness> {
  for (let leadMs = 1_000 + schedules / 2; ; leadMs *= 2) {
    const lateness = await measure(leadMs)
    if (lateness !== undefined) return lateness
  }
}

export interface Together {
  /** How many schedules are due at one instant. */
  readonly schedules: number
  /** How long from now; registering is to be over by then. */
  readonly leadMs: number
  /** How many of them the ledger has rows of. */
  readonly recorded: () => number | Promise<number>
}

/**
 * One process with both roles; all schedules are due at one instant. How late their handlers are entered; undefined if
 * registering took too long for it.
 */
export async function latenessTogether(
  database: string,
  { schedules, leadMs, recorded }: Together
): Promise<Lateness | undefined> {
  const lateMs: number[] = []
  const done = Promise.withResolvers<void>()
  const arrive = task('arrive', {
    handler: (context: HandlerContext) => {
      lateMs.push(context.lateMs)
      if (lateMs.length === schedules) done.resolve()
    }
  })
  const dueAt = Date.now() + leadMs
  const trigger = at(new Date(dueAt))
  const escapement = createEscapement({
    database,
    schedules: Array.from({ length: schedules }, (_, index) => schedule(`ship-${index}`, { task: arrive, trigger })),
    roles: ['scheduler', 'worker'],
    worker: { concurrency },
    logger: false
  })
  await escapement.start()
  if (Date.now() > dueAt - 200) {
    await escapement.stop()
    return undefined
  }
  await systemClock.sleep(dueAt - 100 - Date.now())
  const endWatch = watchEventLoop()
  await done.promise
  const { maxMs: blockedMs } = endWatch()
  await escapement.stop()
  const rows = await recorded()
  if (rows !== schedules) throw new Error(`the ledger has rows of ${rows} of ${schedules} schedules`)
  return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99), blockedMs }
}
