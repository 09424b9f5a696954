import { createEscapement, type Escapement } from '../../../src/index.ts'
import { concurrency, type Fate, idleTask, newJobs } from '../../node/tasks.ts'
import type { Contestant, Place } from './contestant.ts'
import { hasRows } from './sql.ts'

type Handle = (payload: unknown) => void

function open({ postgres }: Place, role: 'web' | 'worker', { fate, handle }: { fate: Fate; handle: Handle }) {
  const task = idleTask(fate, ({ payload }) => handle(payload))
  const escapement = createEscapement({
    database: postgres,
    tasks: [task],
    roles: [role],
    worker: { concurrency },
    logger: false
  })
  return { escapement, task }
}

/** What one call of the store takes at once. */
const BATCH = 10_000

/** Ours: `enqueue` and handlers by the public interface; many jobs by the port to the books. */
export const contestant = (fate: Fate): Contestant => ({
  async install(place) {
    const { escapement } = open(place, 'web', { fate, handle: () => undefined })
    await escapement.store()
    await escapement.stop()
  },
  async openProducer(place) {
    const { escapement, task } = open(place, 'web', { fate, handle: () => undefined })
    await escapement.store()
    return {
      enqueue: payload => escapement.enqueue(task, payload),
      enqueueMany: async payloads => {
        const store = await escapement.store()
        for (let done = 0; done < payloads.length; done += BATCH)
          await store.enqueue(newJobs(task, Math.min(BATCH, payloads.length - done)))
      },
      close: () => escapement.stop()
    }
  },
  async startWorker(place, handle) {
    const { escapement } = open(place, 'worker', { fate, handle })
    await escapement.start()
    return { close: () => stop(escapement) }
  },
  isDrained: async ({ postgres }) => !(await hasRows(postgres, 'SELECT 1 FROM escapement.job LIMIT 1'))
})

const stop = (escapement: Escapement): Promise<void> => escapement.stop({ graceMs: 0 })
