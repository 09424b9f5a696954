import { createEscapement, cron, schedule, task } from 'escapement'
import { NIGHTLY, sendReport, sendWelcome, type User } from './app.ts'

const report = task('report', { handler: sendReport })
const welcome = task<User>('welcome', { maxAttempts: 5, handler: ({ payload }) => sendWelcome(payload) })
const nightly = schedule('nightly', { task: report, trigger: cron(NIGHTLY, { timezone: 'Europe/Berlin' }) })
const app = createEscapement({ tasks: [welcome], schedules: [nightly] })
await app.start({ signals: true })
export const signUp = (user: User) => app.enqueue(welcome, user, { uniqueKey: user.id })
