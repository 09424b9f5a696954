import { Queue, Worker } from 'bullmq'
import { NIGHTLY, sendReport, sendWelcome, type User } from './app.ts'

const connection = { url: process.env['REDIS_URL']! }
const queue = new Queue('app', { connection })
const job = { attempts: 5, backoff: { type: 'exponential', delay: 1_000 } }
await queue.upsertJobScheduler('nightly', { pattern: NIGHTLY, tz: 'Europe/Berlin' }, { name: 'report' })
const worker = new Worker<User>(
  'app',
  async ({ name, data }) => (name === 'report' ? sendReport() : sendWelcome(data)),
  { connection }
)
worker.on('error', console.error)
process.once('SIGTERM', () => void worker.close().then(() => queue.close()))
export const signUp = (user: User) => queue.add('welcome', user, { ...job, deduplication: { id: user.id } })
