// One of several processes that keep the processors as busy as workers do, without any database: what delays their
// event loops is the machine alone. Begins at the message "go".
import { setImmediate as nextTurn } from 'node:timers/promises'
import { watchEventLoop } from '../event-loop.ts'

/** As long as a transaction of a worker takes. */
const TURN_MS = 5
const RUN_MS = 2_000

process.send?.('ready')
await new Promise(resolve => process.once('message', resolve))
const endWatch = watchEventLoop()
const until = performance.now() + RUN_MS
while (performance.now() < until) {
  const turnEnds = performance.now() + TURN_MS
  while (performance.now() < turnEnds);
  await nextTurn()
}
process.send?.(endWatch(), () => process.disconnect())
