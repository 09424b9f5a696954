import { ensureBuilt } from '../../scripts/built.ts'
import { atMost, type Bar, forComparison } from '../bar.ts'
import { bareRssMb, builtLibrary, type CountedIdle, idleCost, idleNode, importTimes, medianIdle } from '../node/idle.ts'
import { inRounds, type Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { withAddresses, type RunningServers } from './servers.ts'

const peers = ['graphileWorker', 'pgBoss', 'bullmq'] as const
const contestants = ['escapement', ...peers] as const
type Name = (typeof contestants)[number]

/** What a worker process of each has to import. */
const imports: Readonly<Record<Name, readonly string[]>> = {
  escapement: [builtLibrary, 'pg'],
  graphileWorker: ['graphile-worker'],
  pgBoss: ['pg-boss'],
  bullmq: ['bullmq', 'redis']
}

/** A worker that waits, and the imports that it begins with. */
export async function idleBars(run: Run): Promise<Bar[]> {
  if (!ensureBuilt()) throw new Error('the library could not be built, see above')
  const servers = await run.servers.start()
  const samples = await inRounds(run, tell => {
    tell('idling')
    return Promise.all(contestants.map(name => idleWorker(servers, name, run.isQuick)))
  })
  run.tell('import')
  const [bareMs = Number.NaN, ...importMs] = importTimes(
    [[], ...contestants.map(name => imports[name])],
    run.isQuick ? 1 : 10
  )
  const [ours, ...theirs] = contestants.map((name, index) => ({
    label: labels[name],
    ...medianIdle(samples.map(sample => sample[index]!)),
    importMs: importMs[index]!
  }))
  const against = (what: string, unit: string, of: (figures: Figures) => number): Bar[] =>
    theirs.map(peer => forComparison({ name: what, value: of(ours!), unit, against: peer.label, reference: of(peer) }))
  const names = ['idle worker, resident memory', 'idle worker, CPU in 10 s', 'start of Node with the imports'] as const
  return [
    atMost(60, { name: names[0], value: ours!.rssMb, unit: 'MB', against: 'bare Node', reference: bareRssMb() }),
    ...against(names[0], 'MB', figures => figures.rssMb),
    atMost(60, { name: names[1], value: ours!.cpuMs, unit: 'ms' }),
    ...against(names[1], 'ms', figures => figures.cpuMs),
    atMost(200, { name: names[2], value: ours!.importMs, unit: 'ms', against: 'bare Node', reference: bareMs }),
    ...against(names[2], 'ms', figures => figures.importMs)
  ]
}

type Figures = CountedIdle & { readonly importMs: number }

const idleWorker = (servers: RunningServers, name: Name, isQuick: boolean): Promise<CountedIdle> =>
  withAddresses(servers, addresses =>
    name === 'escapement'
      ? idleNode(addresses.postgres, { role: 'worker', schedules: 0, isQuick })
      : idleCost({
          script: new URL('idle-peer.mjs', import.meta.url),
          args: [name, JSON.stringify(addresses)],
          isQuick
        })
  )
