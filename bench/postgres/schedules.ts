import { atMost, type Bar, forComparison, median } from '../bar.ts'
import { idleNode, medianIdle } from '../node/idle.ts'
import { inTime, latenessTogether } from '../node/lateness.ts'
import { registerSchedules } from '../node/register.ts'
import { ensureBuilt } from '../../scripts/built.ts'
import { inRounds, type Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { query } from './contestants/sql.ts'
import { databaseActivity } from './activity.ts'
import { withAddresses, type RunningServers } from './servers.ts'
import { withProcess } from './processes.ts'

const peers = ['graphileWorker', 'pgBoss', 'bullmq'] as const

/** Idle costs of few and of many schedules count as equal within this. */
const IDLE_NOISE_MS = 15
const IDLE_NOISE_QUERIES = 5

interface Sizes {
  readonly registered: number
  readonly byPeers: number
  readonly together: readonly [few: number, many: number]
}

const whole: Sizes = { registered: 100_000, byPeers: 1_000, together: [1_000, 10_000] }
const quick: Sizes = { registered: 200, byPeers: 5, together: [10, 50] }

/** Schedules at scale: registered, idle, and due together. */
export async function scheduleBars(run: Run): Promise<Bar[]> {
  if (!ensureBuilt()) throw new Error('the library could not be built, see above')
  const sizes = run.isQuick ? quick : whole
  const servers = await run.servers.start()
  const rounds = await inRounds(run, tell => measureRound(servers, sizes, tell))
  const idle = await inRounds(run, async tell => {
    tell('idling')
    return Promise.all([10, sizes.registered].map(schedules => idleScheduler(servers, schedules, run.isQuick)))
  })
  const of: Of = pick => median(rounds.map(pick))
  return [...registerBars(of, sizes), ...latenessBars(of), ...idleBars(idle)]
}

type Of = (pick: (round: Round) => number) => number
type Round = Awaited<ReturnType<typeof measureRound>>
type Idle = Awaited<ReturnType<typeof idleScheduler>>

async function measureRound(
  servers: RunningServers,
  { registered, byPeers, together: [few, many] }: Sizes,
  tell: Run['tell']
) {
  tell(`registering ${registered} schedules`)
  const registering = await withAddresses(servers, ({ postgres }) => registerSchedules(postgres, registered))
  const peersMs: Record<string, number> = {}
  for (const name of peers) {
    tell(`registering ${byPeers} schedules, ${labels[name]}`)
    peersMs[name] = await withAddresses(servers, addresses =>
      withProcess({ name, addresses }, async contestant => {
        await contestant.call('install', 'throughput')
        return contestant.call('register', byPeers)
      })
    )
  }
  tell('schedules due together')
  return { registering, peersMs, few: await lateness(servers, few), many: await lateness(servers, many) }
}

const lateness = (servers: RunningServers, schedules: number) =>
  inTime(schedules, leadMs =>
    withAddresses(servers, ({ postgres }) =>
      latenessTogether(postgres, { schedules, leadMs, recorded: () => recorded(postgres) })
    )
  )

async function recorded(database: string): Promise<number> {
  const text = 'SELECT count(DISTINCT schedule_id)::integer AS fired FROM escapement.ledger'
  return (await query<{ fired: number }>(database, text))[0]?.fired ?? 0
}

const idleScheduler = (servers: RunningServers, schedules: number, isQuick: boolean) =>
  withAddresses(servers, ({ postgres }) =>
    idleNode(postgres, { role: 'scheduler', schedules, isQuick, counters: () => databaseActivity(servers, postgres) })
  )

function registerBars(of: Of, { registered, byPeers }: Sizes): Bar[] {
  const firstMs = of(round => round.registering.firstMs)
  return [
    atMost(5_000, { name: 'register 100,000 schedules', value: firstMs, unit: 'ms' }),
    forComparison({
      name: 'register the same 100,000 schedules again',
      value: of(round => round.registering.againMs),
      unit: 'ms',
      against: 'the first time',
      reference: firstMs
    }),
    ...peers.map(name =>
      forComparison({
        name: 'register schedules',
        value: (registered / firstMs) * 1_000,
        unit: 'schedules/s',
        against: labels[name],
        reference: (byPeers / of(round => round.peersMs[name] ?? Number.NaN)) * 1_000
      })
    )
  ]
}

function latenessBars(of: Of): Bar[] {
  const few = '1,000 schedules due together'
  const many = '10,000 schedules due together'
  return [
    atMost(100, { name: `${few}, p99 late`, value: of(round => round.few.p99Ms), unit: 'ms' }),
    atMost(50, { name: `${few}, event loop blocked`, value: of(round => round.few.blockedMs), unit: 'ms' }),
    atMost(1_000, { name: `${many}, p99 late`, value: of(round => round.many.p99Ms), unit: 'ms' }),
    atMost(50, { name: `${many}, event loop blocked`, value: of(round => round.many.blockedMs), unit: 'ms' })
  ]
}

function idleBars(samples: readonly (readonly Idle[])[]): Bar[] {
  const few = medianIdle(samples.map(([sample]) => sample!))
  const many = medianIdle(samples.map(([, sample]) => sample!))
  const compared = (what: string, unit: string, [value, reference, noise]: readonly [number, number, number]): Bar => ({
    ...atMost(reference + noise, { name: `idle scheduler of 100,000 schedules, ${what} in 10 s`, value, unit }),
    against: 'the same with 10 schedules',
    reference,
    ratio: value / reference,
    bar: `≤ ${noise} more`
  })
  const { queries = Number.NaN, databaseMs = Number.NaN } = many.counted
  return [
    compared('CPU', 'ms', [many.cpuMs, few.cpuMs, IDLE_NOISE_MS]),
    compared('queries', 'queries', [queries, few.counted['queries'] ?? Number.NaN, IDLE_NOISE_QUERIES]),
    compared('time in the database', 'ms', [databaseMs, few.counted['databaseMs'] ?? Number.NaN, IDLE_NOISE_MS])
  ]
}
