import { ensureBuilt } from '../scripts/built.ts'
import { atLeast, atMost, type Bar, forComparison, median } from './bar.ts'
import { bareRssMb, builtLibrary, importTimes } from './node/idle.ts'
import { inRounds, type Run } from './run.ts'
import { type Idling, measureIdling, measureRound, type Round } from './sqlite/round.ts'

/** What PERFORMANCE asks of a drain by one process, whichever of the two is reached. */
const DRAIN_ENOUGH = 100_000
const DRAIN_SHARE = 0.6
/** Of the rate of jobs that are dropped: a kept one is another row written, and one more moved. */
const KEPT_SHARE = 0.45

/** A process that gets less than this part of its fair share counts as starved. */
const STARVED_BELOW = 0.5

/** Idle costs of few and of many schedules count as equal within this. */
const IDLE_NOISE_MS = 15

type Of = (of: (round: Round) => number) => number

/** Everything measured in each round, references and ours in turn; the medians of the rounds count. */
export async function sqliteBars(run: Run): Promise<Bar[]> {
  const { isQuick, tell } = run
  if (!ensureBuilt()) throw new Error('the library could not be built, see above')
  if (!isQuick) await measureRound(isQuick, step => tell(`warming up: ${step}`))
  const measured = await inRounds(run, step => measureRound(isQuick, step))
  const idling = await measureIdling(run)
  tell('import')
  const of: Of = pick => median(measured.map(pick))
  return [
    ...drainBars(of),
    ...sharedDrainBars(of),
    ...enqueueBars(of),
    ...scheduleBars(of),
    ...idleBars(idling),
    importBar(isQuick)
  ]
}

function drainBars(of: Of): Bar[] {
  const raw = of(round => round.rawDrain100)
  const against = { unit: 'jobs/s', against: 'raw claim + delete, batches of 100', reference: raw }
  const dropped = atLeast(DRAIN_SHARE, {
    name: 'drain, one process, finished jobs dropped',
    value: of(round => round.dropped),
    ...against
  })
  return [
    {
      ...dropped,
      bar: `≥ ${DRAIN_SHARE}, or ${DRAIN_ENOUGH.toLocaleString('en')} jobs/s`,
      met: dropped.met || dropped.value >= DRAIN_ENOUGH
    },
    forComparison({ name: 'drain, one process, finished jobs kept', value: of(round => round.kept), ...against }),
    atLeast(KEPT_SHARE, {
      name: 'drain, one process, finished jobs kept',
      value: of(round => round.kept),
      unit: 'jobs/s',
      against: 'the same, dropped',
      reference: of(round => round.dropped)
    }),
    forComparison({
      name: 'drain by the store alone, batches of 500, dropped',
      value: of(round => round.store),
      unit: 'jobs/s',
      against: 'raw claim + delete, batches of 500',
      reference: of(round => round.rawDrain500)
    })
  ]
}

function sharedDrainBars(of: Of): Bar[] {
  const drain = 'drain, four processes'
  const machine = { unit: 'ms', against: 'four processes as busy, without a database' }
  return [
    forComparison({
      name: `${drain}, all together`,
      value: of(round => round.shared.jobsPerSecond),
      unit: 'jobs/s',
      against: 'raw claim + delete by one process, batches of 100',
      reference: of(round => round.rawDrain100)
    }),
    atLeast(STARVED_BELOW, {
      name: `${drain}, the least served`,
      value: of(round => round.shared.leastShare),
      unit: 'shares',
      against: 'a fair share',
      reference: 1
    }),
    atMost(25, {
      name: `${drain}, event loop delayed, p99`,
      value: of(round => round.shared.delay.p99Ms),
      reference: of(round => round.turning.p99Ms),
      ...machine
    }),
    atMost(100, {
      name: `${drain}, event loop delayed, longest`,
      value: of(round => round.shared.delay.maxMs),
      reference: of(round => round.turning.maxMs),
      ...machine
    })
  ]
}

const enqueueBars = (of: Of): Bar[] => [
  forComparison({
    name: 'enqueue one at a time, 10 callers',
    value: of(round => round.tenCallers),
    unit: 'jobs/s',
    against: 'raw inserts, 10 to a commit',
    reference: of(round => round.rawInsert10)
  }),
  forComparison({
    name: 'enqueue in bulk, 1,000 at a time',
    value: of(round => round.bulk),
    unit: 'jobs/s',
    against: 'raw inserts, 1,000 to a commit',
    reference: of(round => round.rawInsert1000)
  })
]

function scheduleBars(of: Of): Bar[] {
  const together = '1,000 schedules due together'
  const many = '10,000 schedules due together'
  return [
    atMost(100, { name: `${together}, p99 late`, value: of(round => round.lateFew.p99Ms), unit: 'ms' }),
    atMost(50, { name: `${together}, event loop blocked`, value: of(round => round.lateFew.blockedMs), unit: 'ms' }),
    atMost(1_000, { name: `${many}, p99 late`, value: of(round => round.lateMany.p99Ms), unit: 'ms' }),
    atMost(50, { name: `${many}, event loop blocked`, value: of(round => round.lateMany.blockedMs), unit: 'ms' }),
    atMost(5_000, { name: 'register 100,000 schedules', value: of(round => round.registration.firstMs), unit: 'ms' }),
    forComparison({
      name: 'register the same 100,000 schedules again',
      value: of(round => round.registration.againMs),
      unit: 'ms',
      against: 'the first time',
      reference: of(round => round.registration.firstMs)
    })
  ]
}

function idleBars({ worker, fewSchedules, manySchedules }: Idling): Bar[] {
  const cpuOfMany = atMost(fewSchedules.cpuMs + IDLE_NOISE_MS, {
    name: 'idle scheduler of 100,000 schedules, CPU in 10 s',
    value: manySchedules.cpuMs,
    unit: 'ms',
    against: 'the same with 10 schedules',
    reference: fewSchedules.cpuMs
  })
  return [
    atMost(60, {
      name: 'idle worker, resident memory',
      value: worker.rssMb,
      unit: 'MB',
      against: 'bare Node',
      reference: bareRssMb()
    }),
    atMost(60, { name: 'idle worker, CPU in 10 s', value: worker.cpuMs, unit: 'ms' }),
    { ...cpuOfMany, bar: `≤ ${IDLE_NOISE_MS} ms more` }
  ]
}

function importBar(isQuick: boolean): Bar {
  const [bareMs = Number.NaN, importMs = Number.NaN] = importTimes([[], [builtLibrary]], isQuick ? 1 : 10)
  return atMost(200, {
    name: 'start of Node with the import',
    value: importMs,
    unit: 'ms',
    against: 'the start of bare Node',
    reference: bareMs
  })
}
