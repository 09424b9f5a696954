import { appendFileSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import { createEscapement, every, schedule, task } from '../../src/index.ts'

/**
 * One of several equal processes with all roles on the same books: `node worker-process.ts <database> <lines> <end>`. Its
 * 50 schedules fire every 1 to 7 s until `end`; each handler appends a line to the file `lines` and a row to the table
 * `effects`.
 */
const [, , database, linesFile = '', end = ''] = process.argv
const SCHEDULES = 50
const MAX_PERIOD_S = 7
const MAX_RUN_MS = 25

const mark = task('mark', {
  handler: async ({ scheduleId: id, fireAt, fence, lateMs, transaction }) => {
    const fired = fireAt?.getTime() ?? 0
    appendFileSync(
      linesFile,
      `${JSON.stringify({ schedule: id, fireAt: fired, fence, lateMs, beganAt: Date.now() })}\n`
    )
    // Long enough that a kill meets attempts that have begun and not ended.
    await pass(fence % MAX_RUN_MS)
    return transaction(
      tx => tx.prepare('INSERT INTO effects (schedule, fire_at, fence) VALUES (?, ?, ?)').run(id, fired, fence).changes
    )
  }
})

const schedules = Array.from({ length: SCHEDULES }, (_, index) =>
  schedule(`s${index}`, {
    task: mark,
    trigger: every(`${1 + (index % MAX_PERIOD_S)}s`, { end: new Date(Number(end)) })
  })
)
const app = createEscapement({ database: `sqlite:${database}`, tasks: [mark], schedules, logger: false })
app.on('job.failed', ({ error }) => console.log(`failed: ${error.message}`))
app.on('loop.failed', ({ loop, error }) => console.log(`${loop}: ${error.message}`))
process.on('SIGTERM', () => void app.stop())
await app.start()
console.log('started')
