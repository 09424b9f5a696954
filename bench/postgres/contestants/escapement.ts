import { createEscapement, cron, type Escapement, schedule } from '../../../src/index.ts'
import type { AnyTask } from '../../../src/core/job/task.ts'
import { concurrency, type Fate, idleTask } from '../../node/tasks.ts'
import type { Contestant, Addresses } from './contestant.ts'
import { hasRows } from './sql.ts'

const openAs = (role: 'web' | 'scheduler' | 'worker', { postgres, leaseTtlMs }: Addresses, task: AnyTask): Escapement =>
  createEscapement({
    database: postgres,
    tasks: [task],
    roles: [role],
    worker: { concurrency },
    logger: false,
    ...(leaseTtlMs === undefined ? {} : { lease: { ttl: leaseTtlMs, renewEvery: Math.floor(leaseTtlMs / 3) } })
  })

/** Ours, by the public interface. */
export function contestant(fate: Fate): Contestant {
  const idle = idleTask(fate, () => undefined)
  return {
    async install(addresses) {
      const escapement = openAs('web', addresses, idle)
      await escapement.store()
      await escapement.stop()
    },
    async openProducer(addresses) {
      const escapement = openAs('web', addresses, idle)
      await escapement.store()
      return {
        enqueue: payload => escapement.enqueue(idle, payload),
        enqueueMany: async payloads => {
          await escapement.enqueueMany(idle, payloads)
        },
        close: () => escapement.stop()
      }
    },
    async startWorker(addresses, handle, purpose) {
      // A signal is made only when it is asked for.
      const work =
        purpose === 'recovery'
          ? idleTask(fate, ({ payload, signal }) => handle(payload, signal))
          : idleTask(fate, ({ payload }) => handle(payload))
      const escapement = openAs('worker', addresses, work)
      await escapement.start()
      return { close: () => escapement.stop({ graceMs: 0 }) }
    },
    isDrained: async ({ postgres }) =>
      !(await hasRows(
        postgres,
        '(SELECT 1 FROM escapement.job LIMIT 1) UNION ALL (SELECT 1 FROM escapement.pack LIMIT 1)'
      )),
    async register({ postgres }, schedules) {
      const trigger = cron('0 0 1 1 *')
      const escapement = createEscapement({
        database: postgres,
        schedules: Array.from({ length: schedules }, (_, index) => schedule(`ship-${index}`, { task: idle, trigger })),
        roles: ['scheduler'],
        logger: false
      })
      await escapement.start()
      await escapement.stop()
    }
  }
}
