// A worker of ours under load: runs jobs that do nothing, and urgent ones that say when they were sent.
import { createEscapement } from '../../src/index.ts'
import { concurrency } from '../node/tasks.ts'
import { Heard } from './heard.ts'
import { loadTask, type Progress, urgentTask } from './load.ts'

const heard = new Heard()
const urgent = new Heard()
const escapement = createEscapement({
  database: process.argv[2]!,
  tasks: [loadTask(heard.handle), urgentTask(urgent.handle)],
  roles: ['worker'],
  worker: { concurrency },
  logger: false
})
process.on('disconnect', () => process.exit())
process.on('message', () => {
  const progress: Progress = { entered: heard.entered, urgentMs: urgent.takeLatencies() }
  process.send?.(progress)
})
await escapement.start()
process.send?.('ready')
