import { run } from 'graphile-worker'
import { NIGHTLY, sendReport, sendWelcome, type User } from './app.ts'

const runner = await run({
  connectionString: process.env['DATABASE_URL']!,
  crontab: `${NIGHTLY} report`,
  taskList: { report: async () => sendReport(), welcome: async user => sendWelcome(user as User) }
})
export const signUp = (user: User) =>
  runner.addJob('welcome', user, { maxAttempts: 5, jobKey: user.id, jobKeyMode: 'unsafe_dedupe' })
