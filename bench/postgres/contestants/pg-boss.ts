import { PgBoss } from 'pg-boss'
import type { Contestant, Place, Purpose } from './contestant.ts'
import { hasRows } from './sql.ts'

const QUEUE = 'bench'

async function start({ postgres }: Place, purpose: Purpose): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: postgres, useListenNotify: purpose !== 'throughput', schedule: false })
  boss.on('error', error => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  return boss
}

/** What one call of `insert` was fastest with. */
const BATCH = 5_000

/** Where latency counts, its queue tells of jobs by NOTIFY; where throughput does, it is spared that. */
export const contestant: Contestant = {
  async install(place, purpose) {
    const boss = await start(place, 'throughput')
    await boss.createQueue(QUEUE, { notify: purpose !== 'throughput' })
    await boss.stop({ graceful: false })
  },
  async openProducer(place) {
    const boss = await start(place, 'throughput')
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
  async startWorker(place, handle, purpose) {
    const boss = await start(place, purpose)
    const options =
      purpose === 'throughput'
        ? { batchSize: 2_000, localConcurrency: 4, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
        : { pollingIntervalSeconds: 0.5 }
    await boss.work(QUEUE, options, async (jobs: readonly { data: unknown }[]) => {
      for (const { data } of jobs) void handle(data)
    })
    return { close: () => boss.stop({ graceful: false }) }
  },
  async register(place, schedules) {
    const boss = await start(place, 'throughput')
    await Promise.all(
      Array.from({ length: schedules }, (_, index) => boss.schedule(QUEUE, '0 0 1 1 *', null, { key: `ship-${index}` }))
    )
    await boss.stop({ graceful: false })
  },
  isDrained: async ({ postgres }) =>
    !(await hasRows(postgres, `SELECT 1 FROM pgboss.job WHERE name = '${QUEUE}' AND state < 'completed' LIMIT 1`))
}
