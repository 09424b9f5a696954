import type { Clock } from '../../clock/clock.ts'
import { ownSignals } from './own-signals.ts'
import { hasteAfter, type Haste, stopWords } from '../stop-signals.ts'
import type { StopOrder } from '../stop-order.ts'
import { type Supervisor, waitWords } from './supervisor.ts'

/** A process without a master: signals are its orders, and nothing restarts it. */
export function aloneUnder(name: string, clock: Clock, notice: (text: string) => void): Supervisor {
  return {
    onStop: stopper => {
      const { SIGTERM, SIGINT } = ordersBySignals(clock, notice, stopper)
      // SIGHUP: its terminal is gone, or somebody wants a reload, which takes a new process.
      ownSignals({ SIGTERM, SIGINT, SIGHUP: SIGTERM })
    },
    tell: message => {
      if (message.type === 'waits') notice(waitWords(name, message.reason))
    }
  }
}

/** Orders a stop at the first signal; each further one makes it more urgent. */
export function ordersBySignals(
  clock: Clock,
  notice: (text: string) => void,
  stopper: (order: StopOrder) => void
): Readonly<Record<'SIGTERM' | 'SIGINT', () => void>> {
  let stop: { haste: Haste; at: number } | undefined
  const stopFor = (signal: 'SIGTERM' | 'SIGINT') => (): void => {
    const at = clock.monotonic()
    const haste = hasteAfter(signal, stop && { haste: stop.haste, sinceMs: at - stop.at })
    const isEcho = haste === stop?.haste
    stop = { haste, at }
    if (isEcho) return
    if (haste === 'kill') process.kill(process.pid, 'SIGKILL')
    notice(`${signal}: stopping ${stopWords[haste]}`)
    stopper({ haste, hasSuccessor: false })
  }
  return { SIGTERM: stopFor('SIGTERM'), SIGINT: stopFor('SIGINT') }
}
