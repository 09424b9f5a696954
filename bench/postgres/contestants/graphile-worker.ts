import { Logger, makeWorkerUtils, run, type RunnerOptions } from 'graphile-worker'
import type { Contestant, Place, Purpose } from './contestant.ts'
import { hasRows } from './sql.ts'

const silent = new Logger(() => () => undefined)

/**
 * As in the performance test of the project: 24 jobs at once, a pool of 25, a refetch after 10 ms, completions in batches; its
 * local queue is larger, which was faster here. For latency without a local queue, which would hold jobs back.
 */
const settings = ({ postgres }: Place, purpose: Purpose): RunnerOptions => ({
  logger: silent,
  noHandleSignals: true,
  parsedCronItems: [],
  preset: {
    worker: {
      connectionString: postgres,
      ...(purpose === 'latency'
        ? { concurrentJobs: 10, maxPoolSize: 12 }
        : {
            concurrentJobs: 24,
            maxPoolSize: 25,
            localQueue: { size: 2_000, refetchDelay: { durationMs: 10 } },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0
          })
    }
  }
})

/** What one call of `addJobs` was fastest with. */
const BATCH = 10_000

export const contestant: Contestant = {
  async install({ postgres }) {
    const utils = await makeWorkerUtils({ connectionString: postgres, logger: silent })
    await utils.migrate()
    await utils.release()
  },
  async openProducer({ postgres }) {
    const utils = await makeWorkerUtils({ connectionString: postgres, logger: silent })
    return {
      enqueue: payload => utils.addJob('bench', payload),
      enqueueMany: async payloads => {
        for (let done = 0; done < payloads.length; done += BATCH)
          await utils.addJobs(
            payloads.slice(done, done + BATCH).map(payload => ({ identifier: 'bench', payload })),
            false
          )
      },
      close: async () => {
        await utils.release()
      }
    }
  },
  async startWorker(place, handle, purpose) {
    const bench = (payload: unknown): void => handle(payload)
    const runner = await run({ ...settings(place, purpose), taskList: { bench } })
    return { close: () => runner.stop() }
  },
  isDrained: async ({ postgres }) => !(await hasRows(postgres, 'SELECT 1 FROM graphile_worker._private_jobs LIMIT 1'))
}
