import { PgBoss } from 'pg-boss'
import type { Contestant, Addresses, Purpose } from './contestant.ts'
import { hasRows } from './sql.ts'

const QUEUE = 'bench'

async function start({ postgres }: Addresses, purpose: Purpose): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: postgres, useListenNotify: purpose !== 'throughput', schedule: false })
  boss.on('error', error => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  return boss
}

/** What one call of `insert` was fastest with. */
const BATCH = 5_000

/** Where latency counts, its queue tells of jobs by NOTIFY; where throughput does, it is spared that. */
export const contestant: Contestant = {
  async install(addresses, purpose) {
    const boss = await start(addresses, 'throughput')
    await boss.createQueue(QUEUE, { notify: purpose !== 'throughput' })
    await boss.stop({ graceful: false })
  },
  async openProducer(addresses) {
    const boss = await start(addresses, 'throughput')
    return {
      enqueue: payload => boss.send(QUEUE, payload),
      enqueueMany: async payloads => {
        for (let done = 0; done < payloads.length; done += BATCH)
          await boss.insert(
            QUEUE,
            payloads.slice(done, done + BATCH).map(data => ({ data }))
          )
      },
      close: () => boss.stop({ graceful: false })
    }
  },
  async startWorker(addresses, handle, purpose) {
    const boss = await start(addresses, purpose)
    const options =
      purpose === 'throughput'
        ? { batchSize: 2_000, localConcurrency: 4, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
        : { pollingIntervalSeconds: 0.5 }
    await boss.work(QUEUE, options, async (jobs: readonly { data: unknown }[]) => {
      for (const { data } of jobs) void handle(data)
    })
    return { close: () => boss.stop({ graceful: false }) }
  },
  async register(addresses, schedules) {
    const boss = await start(addresses, 'throughput')
    await Promise.all(
      Array.from({ length: schedules }, (_, index) => boss.schedule(QUEUE, '0 0 1 1 *', null, { key: `ship-${index}` }))
    )
    await boss.stop({ graceful: false })
  },
  isDrained: async ({ postgres }) =>
    !(await hasRows(postgres, `SELECT 1 FROM pgboss.job WHERE name = '${QUEUE}' AND state < 'completed' LIMIT 1`))
}
