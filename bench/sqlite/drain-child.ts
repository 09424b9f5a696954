// One of several worker processes that drain a file together: begins at the message "go", tells its part at "stop".
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createEscapement } from '../../src/index.ts'
import type { Part } from './processes.ts'
import { concurrency } from './drain.ts'
import { idleTask, Tally } from './tasks.ts'

/** The histogram holds the time from one look to the next; what is above this was delay. */
const resolutionMs = 1

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
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()
await message()
delay.disable()
await escapement.stop()
const delayMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs)
const part: Part = {
  entered: tally.entered,
  firstAt: performance.timeOrigin + tally.firstAt,
  delayP99Ms: delayMs(delay.percentile(99)),
  delayMaxMs: delayMs(delay.max)
}
process.send?.(part, () => process.disconnect())
