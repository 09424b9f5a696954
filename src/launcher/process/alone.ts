import type { Clock } from '../../clock/clock.ts'
import { ownSignals } from './own-signals.ts'
import { hasteAfter, type Haste, stopWords } from '../stop-signals.ts'
import type { StopOrder } from '../stop-order.ts'
import { type Supervisor, waitWords } from './supervisor.ts'

/** The supervisor of a process without a master: signals are its orders, and nothing restarts it. */
export function aloneUnder(name: string, clock: Clock, notice: (text: string) => void): Supervisor {
  let stop: { haste: Haste; at: number } | undefined
  const stopFor = (signal: 'SIGTERM' | 'SIGINT', stopper: (order: StopOrder) => void): void => {
    const at = clock.monotonic()
    const haste = hasteAfter(signal, stop && { haste: stop.haste, sinceMs: at - stop.at })
    const isEcho = haste === stop?.haste
    stop = { haste, at }
    if (isEcho) return
    if (haste === 'kill') process.kill(process.pid, 'SIGKILL')
    notice(`${signal}: stopping ${stopWords[haste]}`)
    stopper({ haste, hasSuccessor: false })
  }
  return {
    onStop: stopper =>
      ownSignals({
        SIGTERM: () => stopFor('SIGTERM', stopper),
        SIGINT: () => stopFor('SIGINT', stopper),
        // Its terminal is gone, or somebody wants a reload, which takes a new process.
        SIGHUP: () => stopFor('SIGTERM', stopper)
      }),
    tell: message => {
      if (message.type === 'waits') notice(waitWords(name, message.reason))
    }
  }
}
