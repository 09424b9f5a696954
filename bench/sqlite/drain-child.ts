// One of several worker processes that drain a file together: begins at the message "go", tells its part at "stop".
import { createEscapement } from '../../src/index.ts'
import { watchEventLoop } from '../event-loop.ts'
import { concurrency, idleTask, Tally } from '../node/tasks.ts'
import type { Part } from './processes.ts'

const message = (): Promise<unknown> => new Promise(resolve => process.once('message', resolve))

const tally = new Tally()
const escapement = createEscapement({
  database: `sqlite:${process.argv[2]}`,
  tasks: [idleTask('dropped', tally.count)],
  roles: ['worker'],
  worker: { concurrency },
  logger: false
})
process.send?.('ready')
await message()
await escapement.start()
const endWatch = watchEventLoop()
await message()
const delay = endWatch()
await escapement.stop()
const part: Part = { entered: tally.entered, firstAt: performance.timeOrigin + tally.firstAt, delay }
process.send?.(part, () => process.disconnect())
