import type { Clock } from '../clock/clock.ts'
import { hasteAfter, type Haste, stopWords } from './stop-signals.ts'
import type { Superior } from './superior.ts'

/** A process without a master: signals are its orders, and nobody starts it again. */
export function aloneUnder(clock: Clock, notice: (text: string) => void): Superior {
  let stop: { haste: Haste; at: number } | undefined
  return {
    onStop: stopper => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        process.on(signal, () => {
          const at = clock.monotonic()
          const haste = hasteAfter(signal, stop && { haste: stop.haste, sinceMs: at - stop.at })
          const isEcho = haste === stop?.haste
          stop = { haste, at }
          if (isEcho) return
          if (haste === 'kill') process.kill(process.pid, 'SIGKILL')
          notice(`${signal}: stopping ${stopWords[haste]}`)
          stopper({ haste, hasSuccessor: false })
        })
    },
    tell: () => undefined
  }
}
