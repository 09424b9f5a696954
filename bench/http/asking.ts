import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../bar.ts'

/** What each request presents. */
export const TOKEN = 'a-token-of-the-bench'

export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

const latencyOf = (times: readonly number[]): Latency => ({
  p50Ms: percentile(times, 0.5),
  p99Ms: percentile(times, 0.99)
})

const WARM_UP = 5

/** Asks for a path so often after a warm-up, one request after the other. What is not served ends the bench. */
export async function askOften(port: number, path: string, times: number): Promise<Latency> {
  const taken: number[] = []
  for (let time = 0; time < WARM_UP; time++) await timed(`http://127.0.0.1:${port}${path}`)
  for (let time = 0; time < times; time++) taken.push(await timed(`http://127.0.0.1:${port}${path}`))
  return latencyOf(taken)
}

const PAUSE_MS = 5

/** Asks for as long, with a pause after each response. */
export async function askFor(port: number, path: string, ms: number): Promise<Latency> {
  const taken: number[] = []
  for (const until = performance.now() + ms; performance.now() < until; await sleep(PAUSE_MS))
    taken.push(await timed(`http://127.0.0.1:${port}${path}`))
  return latencyOf(taken)
}

async function timed(address: string): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}` } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${address} has the status ${response.status}: ${text}`)
  return performance.now() - startedAt
}
