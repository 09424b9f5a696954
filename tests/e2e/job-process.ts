import { createEscapement } from '../../src/index.ts'
import { deafness, tasks } from './tasks.ts'

/** Runs the tasks of `tasks.ts`: `node job-process.ts <database> <shutdownGrace>`. */
const [, , file, shutdownGrace = '10s'] = process.argv
const app = createEscapement({ database: `sqlite:${file}`, tasks, shutdownGrace, abortGrace: '300ms', logger: false })
app.on('job.hung', ({ task }) => {
  console.log(`${task}: given up`)
  deafness.resolve()
})
app.on('node.stopped', ({ givenBack, leftRunning }) =>
  console.log(`stopped: ${givenBack} given back, ${leftRunning} left`)
)
process.on('SIGTERM', () => void app.stop())
await app.start()
console.log('started')
