import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Tells the parent process what this one costs while it only waits: says when the window begins, and at its end how
 * much processor time and memory were taken. Plain JavaScript, as its callers are: stripping types needs memory of its
 * own.
 */
export async function tellIdling() {
  const [settleMs, windowMs] = process.argv.slice(-2).map(Number)
  await sleep(settleMs)
  process.send('settled')
  const before = process.cpuUsage()
  await sleep(windowMs)
  const { user, system } = process.cpuUsage(before)
  process.send({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage.rss() / 1_048_576 })
}
