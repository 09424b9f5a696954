import { type Clock, MAX_TIMER_MS } from './clock.ts'
import { aheadBy } from './ahead-by.ts'

/** `performance.now()` counts from the start of the process; processes of one boot of a host share this count. */
const startedAt = aheadBy(() => Number(process.hrtime.bigint()) / 1e6 - performance.now())

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => startedAt + performance.now(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const end = (): void => {
        cancel()
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = afterLong(ms, end)
      signal?.addEventListener('abort', end)
    }),
  after: (ms, callback) => afterLong(ms, callback, { keepsAlive: false })
}

/** A timer of any length: one that is too long for Node is set in parts. Returns a function that cancels it. */
export function afterLong(ms: number, callback: () => void, { keepsAlive = true } = {}): () => void {
  const dueAt = performance.now() + ms
  let timer: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const isLast = !(leftMs > MAX_TIMER_MS)
    timer = setTimeout(isLast ? callback : () => arm(dueAt - performance.now()), Math.min(leftMs, MAX_TIMER_MS))
    if (!keepsAlive) timer.unref()
  }
  arm(ms)
  return () => clearTimeout(timer)
}
