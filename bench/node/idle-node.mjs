// A process of ours that only waits, on the built library as an app imports it.
import { createEscapement, cron, schedule, task } from '../../dist/index.js'
import { tellIdling } from './idling.mjs'

const [database, role, schedules] = process.argv.slice(2)
const report = task('report', { handler: () => undefined })
const escapement = createEscapement({
  database,
  tasks: [report],
  schedules: Array.from({ length: Number(schedules) }, (_, index) =>
    schedule(`ship-${index}`, { task: report, trigger: cron('0 0 1 1 *') })
  ),
  roles: [role],
  logger: false
})
await escapement.start()
await tellIdling()
await escapement.stop()
process.disconnect()
