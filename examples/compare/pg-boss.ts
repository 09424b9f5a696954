import { PgBoss } from 'pg-boss'
import { NIGHTLY, sendReport, sendWelcome, type User } from './app.ts'

const boss = new PgBoss(process.env['DATABASE_URL']!)
boss.on('error', console.error)
await boss.start()
await boss.createQueue('report')
await boss.createQueue('welcome', { policy: 'exclusive', retryLimit: 4, retryDelay: 1, retryBackoff: true })
await boss.schedule('report', NIGHTLY, null, { tz: 'Europe/Berlin' })
await boss.work('report', async () => sendReport())
await boss.work<User>('welcome', async ([job]) => sendWelcome(job!.data))
process.once('SIGTERM', () => void boss.stop())
export const signUp = (user: User) => boss.send('welcome', user, { singletonKey: user.id })
