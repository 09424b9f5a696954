import type { NewJob } from '../../src/core/job/job.ts'
import { atLeast, type Bar, median, percentile } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { query } from './contestants/sql.ts'
import { type Fed, withFeeder } from './feeder.ts'
import { fill } from './load.ts'
import { withAddresses, type RunningServers } from './servers.ts'

const SHALLOW = 10_000
const MEASURED_MS = 5_000
const WARM_UP_MS = 1_500
const URGENT_EVERY_MS = 10

/** What waits, in addition to the shallow backlog that waits in each. */
const situations = ['shallow', 'deep', 'future', 'unknown'] as const
type Situation = (typeof situations)[number]

interface Filled {
  readonly situation: Situation
  readonly database: string
}

/**
 * A worker works off a backlog that is kept as deep as it is: short, deep, and short behind many jobs that it must not
 * run. Meanwhile urgent jobs are sent. Each situation has books of its own, filled once; the rounds measure them in
 * turn.
 */
export async function backlogBars(run: Run): Promise<Bar[]> {
  const { jobs, isQuick, tell } = run
  const share = isQuick ? 1 / 20 : 1
  const measured = await withFilled(await run.servers.start(), { left: situations, jobs, tell }, filled =>
    inRounds(run, async tellStep => {
      const round: Partial<Record<Situation, Fed>> = {}
      for (const { situation, database } of filled) {
        tellStep(situation)
        await refill(database, situation === 'deep' ? jobs : SHALLOW)
        round[situation] = await withFeeder(database, async feeder => {
          await feeder.feed({ ms: WARM_UP_MS * share, urgentEveryMs: URGENT_EVERY_MS })
          return feeder.feed({ ms: MEASURED_MS * share, urgentEveryMs: URGENT_EVERY_MS })
        })
      }
      return round as Readonly<Record<Situation, Fed>>
    })
  )
  const many = jobs.toLocaleString('en')
  return [
    ...barsOf(`backlog of ${many} jobs`, measured, 'deep'),
    ...barsOf(`${many} future jobs of a higher priority`, measured, 'future'),
    ...barsOf(`${many} jobs of a task that no node knows`, measured, 'unknown')
  ]
}

interface Filling {
  readonly left: readonly Situation[]
  readonly jobs: number
  readonly tell: Run['tell']
}

function withFilled<T>(
  servers: RunningServers,
  filling: Filling,
  use: (filled: readonly Filled[]) => Promise<T>
): Promise<T> {
  const { left, jobs, tell } = filling
  const [situation, ...rest] = left
  if (situation === undefined) return use([])
  return withAddresses(servers, async ({ postgres: database }) => {
    tell(`filling: ${situation}`)
    if (situation !== 'shallow') await fill(database, jobs, inTheWay(situation))
    if (situation !== 'deep') await fill(database, SHALLOW)
    // As it would be after a while; autovacuum would come to it in the midst of the rounds.
    await query(database, 'VACUUM ANALYZE')
    return withFilled(servers, { ...filling, left: rest }, others => use([{ situation, database }, ...others]))
  })
}

/** What the worker of the round before held when it was killed, and what it had worked off while it was being fed. */
async function refill(database: string, jobs: number): Promise<void> {
  const [row] = await query<{ waiting: number }>(
    database,
    `SELECT count(*)::integer AS waiting FROM escapement.job JOIN escapement.lane ON lane.id = job.lane
     WHERE place > 0 AND lane.task = 'load' AND run_at <= escapement.now_ms()`
  )
  await fill(database, jobs - row!.waiting)
}

function inTheWay(situation: Situation): Partial<NewJob> {
  if (situation === 'future') return { priority: -50, runAt: Date.now() + 86_400_000 }
  if (situation === 'unknown') return { priority: -50, task: 'known-by-nobody' }
  return {}
}

function barsOf(called: string, rounds: readonly Readonly<Record<Situation, Fed>>[], situation: Situation): Bar[] {
  const against = `a backlog of ${SHALLOW.toLocaleString('en')} alone`
  const speed = (of: Situation): number => median(rounds.map(round => round[of].jobsPerSecond))
  const p99 = (of: Situation): number =>
    percentile(
      rounds.flatMap(round => round[of].urgentMs),
      0.99
    )
  const pickUp = { value: p99(situation), reference: p99('shallow') }
  const ratio = pickUp.value / pickUp.reference
  return [
    atLeast(0.9, {
      name: `${called}, fed and drained`,
      value: speed(situation),
      unit: 'jobs/s',
      against,
      reference: speed('shallow')
    }),
    { name: `${called}, p99 of urgent jobs`, ...pickUp, unit: 'ms', against, ratio, bar: '≤ 1.5 ×', met: ratio <= 1.5 }
  ]
}
