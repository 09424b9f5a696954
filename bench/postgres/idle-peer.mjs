// A worker of a peer that only waits, with its defaults. Plain JavaScript, like ours next to it.
import { tellIdling } from '../node/idling.mjs'

const starts = {
  async graphileWorker({ postgres }) {
    const { Logger, run } = await import('graphile-worker')
    const logger = new Logger(() => () => undefined)
    const taskList = { bench: () => undefined }
    await run({ connectionString: postgres, logger, noHandleSignals: true, parsedCronItems: [], taskList })
  },
  async pgBoss({ postgres }) {
    const { PgBoss } = await import('pg-boss')
    const boss = new PgBoss(postgres)
    await boss.start()
    await boss.createQueue('bench')
    await boss.work('bench', async () => undefined)
  },
  async bullmq({ redis }) {
    const { createNodeRedisClient, Worker } = await import('bullmq')
    const { createClient } = await import('redis')
    const client = createClient({ url: redis })
    await client.connect()
    const worker = new Worker('bench', async () => undefined, { connection: createNodeRedisClient(client) })
    await worker.waitUntilReady()
  }
}

const [name, addresses] = process.argv.slice(2)
await starts[name](JSON.parse(addresses))
await tellIdling()
process.exit()
