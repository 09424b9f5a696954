import autocannon from 'autocannon'
import { expect, test } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { KeptAlive } from './kept-alive.ts'
import { Started } from './started.ts'

const REQUESTS_PER_S = 200

/** Requests at a steady rate over connections that are kept alive, until the answer is called. */
function underLoad(url: string): () => Promise<autocannon.Result> {
  const shooting = autocannon({ url, connections: 10, overallRate: REQUESTS_PER_S, duration: 300 })
  return () => {
    ;(shooting as unknown as { stop(): void }).stop()
    return shooting
  }
}

test('a reload under load: no request fails, no connection is cut, no fire time is missed or doubled', async () => {
  const started = await new Started({ args: ['--topology', 'everywhere', '--web', '2'] }).ready()
  const before = started.pids
  await started.moreTicks(2)
  const url = started.url()
  const end = underLoad(url)
  const idlers = Array.from({ length: 4 }, () => new KeptAlive(url))
  const asking = idlers.map(idler => idler.ask())
  await started.moreTicks(2)
  const reloaded = await started.run('reload')
  expect(reloaded, started.process.output()).toMatchObject({ status: 0 })
  await started.moreTicks(1)
  const { errors, timeouts, non2xx, requests, '2xx': answered } = await end()
  console.log(`${answered} answers, ${requests.average} a second, ${errors} errors, ${timeouts} time-outs`)
  for (const idler of idlers) idler.end()
  await Promise.all(asking)
  expect(idlers.map(({ cut }) => cut)).toEqual([0, 0, 0, 0])
  // Each connection was to a process that is gone by now.
  expect(idlers.every(({ ended }) => ended > 0)).toBe(true)
  expect({ errors, timeouts, non2xx }).toEqual({ errors: 0, timeouts: 0, non2xx: 0 })
  expect(answered).toBeGreaterThan(REQUESTS_PER_S)
  expect(started.pids.filter(pid => before.includes(pid))).toEqual([])
  expect(started.url()).toBe(url)
  await started.stop()
  await started.expectEachSecondOnce()
})

test('a reload of a config that is broken by now is refused, and says so', async () => {
  const started = await new Started().ready()
  const before = started.pids
  started.writeConfig('export default {')
  const { status, stdout } = await started.run('reload')
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('Not reloaded: ') })
  expect(started.pids).toEqual(before)
  await started.stop()
})

test('a reload without a master is refused', async () => {
  const { status, stderr } = await runCli(['reload'], { env: { ESCAPEMENT_RUN_DIR: '/nowhere/at/all' } })
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('/nowhere/at/all') })
})
