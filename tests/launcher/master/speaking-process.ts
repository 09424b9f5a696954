import type { StopOrder } from '../../../src/launcher/stop-order.ts'
import type { ToMaster, ToProcess } from '../../../src/launcher/protocol.ts'

/**
 * A process of a master that says what it is told to say. It speaks of each order to stop, as a wait whose reason are the orders
 * so far, and ends by the third. With the argument "late" it says that it is ready when it is told to stop;
 * with "waiting" it waits for its books from the start.
 */
const [, , name] = process.argv
const orders: StopOrder[] = []
const say = (message: ToMaster): void => void process.send?.(message)

process.on('message', (message: ToProcess) => {
  if (message.type === 'assign') {
    if (name === 'waiting') say({ type: 'waits', reason: 'the books' })
    return say({ type: 'recycle' })
  }
  const { haste, hasSuccessor } = message
  orders.push({ haste, hasSuccessor })
  if (name === 'late') say({ type: 'ready', url: undefined })
  say({ type: 'waits', reason: JSON.stringify(orders) })
  if (orders.length === 3) process.exit(0)
})
say({ type: 'hello' })
