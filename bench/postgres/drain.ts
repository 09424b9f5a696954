import { setTimeout as sleep } from 'node:timers/promises'
import { atLeast, type Bar, forComparison } from '../bar.ts'
import type { Run } from '../run.ts'
import { type ContestantName, labels } from './contestants/all.ts'
import type { Place } from './contestants/contestant.ts'
import { query } from './contestants/sql.ts'
import { monotonicMs } from './monotonic.ts'
import { withPlace, type Places } from './places.ts'
import { type ContestantProcess, withProcess, withProcesses } from './processes.ts'
import { type Figures, medians } from './rounds.ts'

const ofOne = ['escapement', 'escapementKept', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
const ofFour = ['escapement', 'escapementKept', 'graphileWorker', 'pgBoss', 'bullmq'] as const

/** How often is looked whether all is done: seldom, so that looking takes little of the processors. */
const LOOK_EVERY_MS = 5

interface Size {
  readonly jobs: number
  readonly processes: number
}

/** What was enqueued before is worked off: from the first handler until the last completion is committed. */
export async function drainBars(run: Run): Promise<Bar[]> {
  const jobs = run.isQuick ? 1_000 : 100_000
  const measureBy =
    (processes: number) =>
    (name: ContestantName, places: Places): Promise<number> =>
      withPlace(places, place => drain({ name, place }, { jobs, processes }))
  const one = await medians(run, { names: ofOne, what: 'drain by one process', measure: measureBy(1) })
  const four = await medians(run, { names: ofFour, what: 'drain by four processes', measure: measureBy(4) })
  return [...barsOf('drain, one process', one), rawBar(one), ...barsOf('drain, four processes', four)]
}

/** Jobs per second. */
export async function drain(
  { name, place }: { name: ContestantName; place: Place },
  { jobs, processes }: Size
): Promise<number> {
  await withProcess({ name, place }, async filler => {
    await filler.call('install', 'throughput')
    await filler.call('produce', 'throughput')
    await filler.call('fill', jobs)
  })
  await query(place.postgres, 'ANALYZE')
  return withProcesses({ name, place, count: processes }, async workers => {
    await Promise.all(workers.map(worker => worker.call('work', 'throughput')))
    const firstAt = await untilEntered(workers, jobs)
    while (!(await workers[0]!.call('isDrained'))) await sleep(1)
    return (jobs / (monotonicMs() - firstAt)) * 1_000
  })
}

/** Answers when the first handler was entered. */
async function untilEntered(workers: readonly ContestantProcess[], jobs: number): Promise<number> {
  for (;;) {
    const progress = await Promise.all(workers.map(worker => worker.call('progress')))
    const entered = progress.reduce((sum, each) => sum + each.entered, 0)
    if (entered > jobs) throw new Error(`${entered} handlers were entered for ${jobs} jobs`)
    if (entered === jobs) return Math.min(...progress.flatMap(each => each.firstAt ?? []))
    await sleep(LOOK_EVERY_MS)
  }
}

function barsOf(drained: string, figures: Figures<(typeof ofFour)[number]>): Bar[] {
  const measured = (name: 'escapement' | 'escapementKept', against: (typeof ofFour)[number]) => ({
    name: `${drained}, finished jobs ${name === 'escapement' ? 'dropped' : 'kept'}`,
    value: figures[name],
    unit: 'jobs/s',
    against: labels[against],
    reference: figures[against]
  })
  return [
    atLeast(2.5, measured('escapement', 'graphileWorker')),
    forComparison(measured('escapement', 'bullmq')),
    atLeast(2, measured('escapementKept', 'graphileWorker')),
    atLeast(3, measured('escapementKept', 'pgBoss'))
  ]
}

const rawBar = (figures: Figures<(typeof ofOne)[number]>): Bar =>
  atLeast(1, {
    name: 'drain, one process, finished jobs dropped',
    value: figures.escapement,
    unit: 'jobs/s',
    against: 'raw SQL, claim + delete on 4 connections',
    reference: figures.raw
  })
