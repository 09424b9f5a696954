import { setTimeout as sleep } from 'node:timers/promises'
import { atLeast, type Bar, forComparison } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'
import type { Addresses } from './contestants/contestant.ts'
import { query } from './contestants/sql.ts'
import { monotonicMs } from './monotonic.ts'
import { withAddresses } from './servers.ts'
import { type ContestantProcess, withProcess, withProcesses } from './processes.ts'
import { beside, type Figures, pass } from './rounds.ts'

const ofOne = ['escapement', 'graphileWorker', 'escapementKept', 'raw', 'pgBoss', 'bullmq'] as const
const ofFour = ['escapement', 'graphileWorker', 'escapementKept', 'pgBoss', 'bullmq'] as const

/** How often is looked whether all is done: seldom, so that looking takes little of the processors. */
const LOOK_EVERY_MS = 5

interface Size {
  readonly jobs: number
  readonly processes: number
}

/** What was enqueued before is worked off: from the first handler until the last completion is committed. */
export async function drainBars(run: Run): Promise<Bar[]> {
  const jobs = run.isQuick ? 500 : 100_000
  const servers = await run.servers.start()
  const measureBy = (processes: number) => (name: ContestantName) =>
    withAddresses(servers, addresses => drain({ name, addresses }, { jobs, processes }))
  const one = await inRounds(run, tell =>
    pass({ names: ofOne, what: 'drain by one process', tell, measure: measureBy(1) })
  )
  const bars = [...barsOf('drain, one process', one), rawBar(one)]
  // Quickly, four are no more than one.
  if (run.isQuick) return bars
  const four = await inRounds(run, tell =>
    pass({ names: ofFour, what: 'drain by four processes', tell, measure: measureBy(4) })
  )
  return [...bars, ...barsOf('drain, four processes', four)]
}

interface Party {
  readonly name: ContestantName
  readonly addresses: Addresses
}

/** Jobs per second. */
async function drain(party: Party, { jobs, processes }: Size): Promise<number> {
  await withProcess(party, async filler => {
    await filler.call('install', 'throughput')
    await filler.call('produce', 'throughput')
    await filler.call('fill', jobs)
  })
  await query(party.addresses.postgres, 'ANALYZE')
  return withProcesses({ ...party, count: processes }, async workers => {
    await Promise.all(workers.map(worker => worker.call('work', 'throughput')))
    const firstAt = await untilEntered(workers, jobs)
    while (!(await workers[0]!.call('isDrained'))) await sleep(1)
    return (jobs / (monotonicMs() - firstAt)) * 1_000
  })
}

/** Waits until every handler was entered. Resolves with the instant at which the first one was. */
async function untilEntered(workers: readonly ContestantProcess[], jobs: number): Promise<number> {
  for (;;) {
    const progress = await Promise.all(workers.map(worker => worker.call('progress')))
    const entered = progress.reduce((sum, each) => sum + each.entered, 0)
    if (entered > jobs) throw new Error(`${entered} handlers were entered for ${jobs} jobs`)
    if (entered === jobs) return Math.min(...progress.flatMap(each => each.firstAt ?? []))
    await sleep(LOOK_EVERY_MS)
  }
}

type Ours = 'escapement' | 'escapementKept'

function barsOf(drained: string, passes: readonly Figures<(typeof ofFour)[number]>[]): Bar[] {
  const measured = (ours: Ours, against: (typeof ofFour)[number]) => ({
    name: `${drained}, finished jobs ${ours === 'escapement' ? 'dropped' : 'kept'}`,
    unit: 'jobs/s',
    against: labels[against],
    ...beside(passes, ours, against)
  })
  return [
    atLeast(2.5, measured('escapement', 'graphileWorker')),
    forComparison(measured('escapement', 'bullmq')),
    atLeast(2, measured('escapementKept', 'graphileWorker')),
    atLeast(3, measured('escapementKept', 'pgBoss'))
  ]
}

const rawBar = (passes: readonly Figures<(typeof ofOne)[number]>[]): Bar =>
  atLeast(1, {
    name: 'drain, one process, finished jobs dropped',
    unit: 'jobs/s',
    against: 'raw SQL, claim + delete on 4 connections',
    ...beside(passes, 'escapement', 'raw')
  })
