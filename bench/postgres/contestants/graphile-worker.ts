import { Logger, makeWorkerUtils, run, type RunnerOptions } from 'graphile-worker'
import type { Contestant, Addresses, Purpose } from './contestant.ts'
import { hasRows } from './sql.ts'

const silent = new Logger(() => () => undefined)

/**
 * As in the performance test of the project: 24 jobs at once, a pool of 25, a refetch after 10 ms, completions in
 * batches; its local queue is larger, which was faster here. For latency without a local queue, which would hold jobs
 * back.
 */
const settings = ({ postgres }: Addresses, purpose: Purpose): RunnerOptions => ({
  logger: silent,
  noHandleSignals: true,
  parsedCronItems: [],
  preset: {
    worker: {
      connectionString: postgres,
      ...(purpose === 'throughput'
        ? {
            concurrentJobs: 24,
            maxPoolSize: 25,
            localQueue: { size: 2_000, refetchDelay: { durationMs: 10 } },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0
          }
        : { concurrentJobs: 10, maxPoolSize: 12 })
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
  async startWorker(addresses, handle, purpose) {
    const bench = (payload: unknown): void | Promise<void> => handle(payload)
    const runner = await run({ ...settings(addresses, purpose), taskList: { bench } })
    return { close: () => runner.stop() }
  },
  async register(addresses, schedules) {
    const crontab = Array.from({ length: schedules }, (_, index) => `0 0 1 1 * bench ?id=ship-${index}`).join('\n')
    const { parsedCronItems: _, ...rest } = settings(addresses, 'throughput')
    const runner = await run({ ...rest, crontab, taskList: { bench: () => undefined } })
    await runner.stop()
  },
  isDrained: async ({ postgres }) => !(await hasRows(postgres, 'SELECT 1 FROM graphile_worker._private_jobs LIMIT 1'))
}
