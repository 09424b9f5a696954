import { setTimeout as sleep } from 'node:timers/promises'
import { type Bar, forComparison, percentile } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'
import { withEach } from '../with-each.ts'
import { withAddresses, type RunningServers } from './servers.ts'
import { type ContestantProcess, withProcess } from './processes.ts'

const names = ['escapement', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
type Name = (typeof names)[number]

/** In each round, of each contestant. */
const SAMPLES = 300
/** Between two jobs: the way is free again. */
const PAUSE_MS = 5

interface Lane {
  readonly producer: ContestantProcess
  readonly worker: ContestantProcess
}

type Samples = Readonly<Record<Name, number[]>>

/**
 * From the call of `enqueue` in one process to the handler in another that waits for work. All contestants are there at
 * the same time and get their jobs in turn, one after the other, so that the disk's good and bad moments fall upon all
 * alike.
 */
export async function latencyBars(run: Run): Promise<Bar[]> {
  const samples: Samples = { escapement: [], graphileWorker: [], pgBoss: [], bullmq: [], raw: [] }
  const count = run.isQuick ? 3 : SAMPLES
  const servers = await run.servers.start()
  await withEach(names, laneIn(servers), async lanes => {
    await exchange(lanes, Math.ceil(count / 10))
    await inRounds(run, async tell => {
      tell('pick-up')
      const round = await exchange(lanes, count)
      for (const name of names) samples[name].push(...round[name])
    })
  })
  return [...barsOf(samples, 0.5, 'p50'), ...barsOf(samples, 0.99, 'p99')]
}

/** A producing and a working process. */
const laneIn =
  (servers: RunningServers) =>
  (name: Name, use: (lane: Lane) => Promise<void>): Promise<void> =>
    withAddresses(servers, addresses =>
      withProcess({ name, addresses }, producer =>
        withProcess({ name, addresses }, async worker => {
          await producer.call('install', 'latency')
          await producer.call('produce', 'latency')
          await worker.call('work', 'latency')
          return use({ producer, worker })
        })
      )
    )

async function exchange(lanes: Readonly<Record<Name, Lane>>, count: number): Promise<Samples> {
  const samples: Samples = { escapement: [], graphileWorker: [], pgBoss: [], bullmq: [], raw: [] }
  for (let sent = 0; sent < count; sent += 1) {
    for (const name of names) {
      const { producer, worker } = lanes[name]
      const [latencyMs] = await Promise.all([worker.call('nextLatency'), producer.call('send')])
      samples[name].push(latencyMs)
      await sleep(PAUSE_MS)
    }
  }
  return samples
}

function barsOf(samples: Samples, part: number, called: string): Bar[] {
  const value = percentile(samples.escapement, part)
  const measured = (against: ContestantName, reference: number) => ({
    name: `pick-up by another process, ${called}`,
    value,
    unit: 'ms',
    against: against === 'raw' ? 'raw SQL: insert and NOTIFY, LISTEN, claim' : labels[against],
    reference
  })
  return names
    .filter(name => name !== 'escapement')
    .map(name => {
      const bar = forComparison(measured(name, percentile(samples[name], part)))
      const most = name === 'raw' ? 1.15 : 1
      return { ...bar, bar: `≤ ${most} ×`, met: bar.ratio <= most }
    })
}
