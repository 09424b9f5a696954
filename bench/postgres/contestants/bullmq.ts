import { createNodeRedisClient, type IRedisClient, Queue, Worker } from 'bullmq'
import { createClient } from 'redis'
import type { Contestant, Addresses, Purpose } from './contestant.ts'

const QUEUE = 'bench'

async function connect({ redis }: Addresses): Promise<IRedisClient> {
  const client = createClient({ url: redis })
  await client.connect()
  return createNodeRedisClient(client)
}

async function withQueue<T>(addresses: Addresses, use: (queue: Queue) => Promise<T>): Promise<T> {
  const connection = await connect(addresses)
  const queue = new Queue(QUEUE, { connection })
  try {
    return await use(queue)
  } finally {
    await queue.close()
    await connection.quit()
  }
}

/** What one call of `addBulk` was fastest with. */
const BATCH = 1_000

/** On Redis, which keeps nothing here: its jobs don't survive a crash of the server. Finished jobs are dropped. */
export const contestant: Contestant = {
  install: addresses => withQueue(addresses, queue => queue.obliterate({ force: true })),
  async openProducer(addresses) {
    const connection = await connect(addresses)
    const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true } })
    return {
      enqueue: payload => queue.add('bench', payload),
      enqueueMany: async payloads => {
        for (let done = 0; done < payloads.length; done += BATCH)
          await queue.addBulk(payloads.slice(done, done + BATCH).map(data => ({ name: 'bench', data })))
      },
      close: async () => {
        await queue.close()
        await connection.quit()
      }
    }
  },
  async startWorker(addresses, handle, purpose: Purpose) {
    const connection = await connect(addresses)
    const concurrency = purpose === 'throughput' ? 100 : 10
    const worker = new Worker(QUEUE, async ({ data }) => handle(data), { connection, concurrency })
    worker.on('error', error => console.error(`bullmq: ${error.message}`))
    await worker.waitUntilReady()
    return {
      close: async () => {
        await worker.close(true)
        await connection.quit()
      }
    }
  },
  register: (addresses, schedules) =>
    withQueue(addresses, async queue => {
      const pattern = '0 0 1 1 *'
      await Promise.all(
        Array.from({ length: schedules }, (_, index) => queue.upsertJobScheduler(`ship-${index}`, { pattern }))
      )
    }),
  isDrained: addresses =>
    withQueue(
      addresses,
      async queue => (await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized')) === 0
    )
}
