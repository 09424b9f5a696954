import { atMost, type Bar, forComparison, median } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'
import type { Addresses } from './contestants/contestant.ts'
import { monotonicMs } from './monotonic.ts'
import { withAddresses, type RunningServers } from './servers.ts'
import { type ContestantProcess, withProcess } from './processes.ts'

const LEASE_TTL_MS = 15_000
const QUICK_LEASE_TTL_MS = 900

/** Of a stop that gives its job back: one claim, with a wake that may have been lost. */
const AT_ONCE_MS = 1_000

type End = 'killed' | 'stopped'

/**
 * A process ends in the midst of a job: until another runs it. Of the peers those whose defaults are waited for within
 * minutes.
 */
export async function recoveryBars(run: Run): Promise<Bar[]> {
  const lease = run.isQuick ? { leaseTtlMs: QUICK_LEASE_TTL_MS } : {}
  const ours = (servers: RunningServers, end: End): Promise<number> =>
    withAddresses(servers, addresses => recovery('escapement', { ...addresses, ...lease }, end))
  const servers = await run.servers.start()
  // BullMQ's takes a minute and disturbs nobody: once, in parallel with the rounds of ours.
  const bullmq = run.isQuick ? undefined : withAddresses(servers, addresses => recovery('bullmq', addresses, 'killed'))
  bullmq?.catch(() => undefined)
  const rounds = await inRounds(run, async tell => {
    tell('stop')
    const stoppedMs = await ours(servers, 'stopped')
    tell('kill -9')
    return { stoppedMs, killedMs: await ours(servers, 'killed') }
  })
  const killed = {
    name: 'a job of a killed process runs again',
    value: median(rounds.map(round => round.killedMs)),
    unit: 'ms'
  }
  return [
    atMost(LEASE_TTL_MS + 1_000, killed),
    ...(bullmq === undefined
      ? []
      : [forComparison({ ...killed, against: `${labels.bullmq}, measured once`, reference: await bullmq })]),
    atMost(AT_ONCE_MS, {
      name: 'a job of a process that is stopped runs again',
      value: median(rounds.map(round => round.stoppedMs)),
      unit: 'ms'
    })
  ]
}

/** Milliseconds from the end of the process that runs the job to the second handler of that job. */
const recovery = (name: ContestantName, addresses: Addresses, end: End): Promise<number> =>
  withProcess({ name, addresses }, first =>
    withProcess({ name, addresses }, async second => {
      await first.call('install', 'recovery')
      await first.call('produce', 'recovery')
      await first.call('work', 'recovery')
      await Promise.all([first.call('send'), entered(first)])
      await second.call('work', 'recovery')
      const againAt = entered(second).then(monotonicMs)
      const endedAt = monotonicMs()
      if (end === 'killed') first.kill()
      else await first.call('close')
      return (await againAt) - endedAt
    })
  )

const entered = async (worker: ContestantProcess): Promise<void> => {
  await worker.call('nextLatency')
}
