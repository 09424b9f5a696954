// A process that only waits, on the built library as an app imports it. Tells what it cost: plain JavaScript, because
// stripping types needs memory of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import { createEscapement, cron, schedule, task } from '../../dist/index.js'

const [file, role, schedules, settleMs, windowMs] = process.argv.slice(2)
const report = task('report', { handler: () => undefined })
const escapement = createEscapement({
  database: `sqlite:${file}`,
  tasks: [report],
  schedules: Array.from({ length: Number(schedules) }, (_, index) =>
    schedule(`ship-${index}`, { task: report, trigger: cron('0 0 1 1 *') })
  ),
  roles: [role],
  logger: false
})
await escapement.start()
await sleep(Number(settleMs))
const before = process.cpuUsage()
await sleep(Number(windowMs))
const { user, system } = process.cpuUsage(before)
const idle = { cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage.rss() / 1_048_576 }
await escapement.stop()
process.send(idle)
