import type { Facts } from './facts.ts'
import { latenessOf, orphansOf } from './liveness.ts'
import { quantile } from './quantile.ts'
import { restOf } from './spans.ts'
import { takeOversOf } from './terms.ts'
import { recorded } from './recorded.ts'

export interface Spread {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** What a run came to. One in which nothing happened proves nothing. */
export interface Figures {
  readonly fireTimes: number
  readonly fired: number
  readonly coalesced: number
  readonly overlapped: number
  readonly paused: number
  /** By the product's own verification. */
  readonly doubles: number
  readonly missing: number
  readonly asked: number
  readonly acknowledged: number
  readonly lost: number
  readonly attempts: number
  readonly rescued: number
  /** Reports that were rejected because their attempt was no longer the current one. */
  readonly staleReports: number
  /** Attempts that still ran, somewhere, when the next attempt of their job began. */
  readonly zombies: number
  readonly kills: number
  readonly faults: Readonly<Record<string, number>>
  /** For how many ms of the run others used the machine. */
  readonly sharedMs: number
  readonly lateness: Spread
  readonly calmLateness: Spread
  readonly takeOvers: Spread
  readonly orphans: Spread
}

export function figuresOf(facts: Facts): Figures {
  const { entries, books, attempts, jobs } = facts
  const sum = (name: 'expected' | 'fired' | 'coalesced' | 'overlapped' | 'paused' | 'double' | 'missing'): number =>
    books.verifications.reduce((total, verification) => total + verification[name], 0)
  const acknowledged = new Set(
    recorded(entries, 'enqueue.answered').flatMap(({ job, outcome }) => (outcome === 'duplicate' ? [] : [job]))
  )
  const late = latenessOf(facts)
  const faults = Map.groupBy(recorded(entries, 'fault.began'), ({ kind }) => kind)
  return {
    fireTimes: sum('expected'),
    fired: sum('fired'),
    coalesced: sum('coalesced'),
    overlapped: sum('overlapped'),
    paused: sum('paused'),
    doubles: sum('double'),
    missing: sum('missing'),
    asked: new Set(recorded(entries, 'enqueue.asked').map(({ job }) => job)).size,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter(job => !jobs.has(job)).length,
    attempts: [...attempts.values()].reduce((total, begun) => total + begun.length, 0),
    rescued: books.jobs.filter(({ rescues }) => rescues > 0).length,
    staleReports: recorded(entries, 'job.stale').length,
    zombies: zombiesOf(facts),
    kills: recorded(entries, 'process.ended').filter(({ signal }) => signal === 'SIGKILL').length,
    faults: Object.fromEntries([...faults].map(([kind, all]) => [kind, all.length])),
    sharedMs: Math.round(sharedMs(facts)),
    lateness: spreadOf(late.map(({ ms }) => ms)),
    calmLateness: spreadOf(late.filter(({ isCalm }) => isCalm).map(({ ms }) => ms)),
    takeOvers: spreadOf(takeOversOf(facts).map(({ ms }) => ms)),
    orphans: spreadOf(orphansOf(facts).map(({ ms }) => ms))
  }
}

function sharedMs({ entries, others }: Facts): number {
  const run = { from: entries[0]?.at ?? 0, to: entries.at(-1)?.at ?? 0 }
  return run.to - run.from - restOf(run, others)
}

function zombiesOf({ entries, attempts }: Facts): number {
  const leftAt = new Map(recorded(entries, 'attempt.left').map(({ job, fence, at }) => [`${job}#${fence}`, at]))
  return [...attempts].reduce((total, [job, begun]) => {
    const outlived = begun.filter(({ fence }, index) => {
      const next = begun[index + 1]
      return next !== undefined && (leftAt.get(`${job}#${fence}`) ?? 0) > next.at
    })
    return total + outlived.length
  }, 0)
}

const spreadOf = (values: readonly number[]): Spread => ({
  count: values.length,
  p50Ms: Math.round(quantile(values, 0.5)),
  p99Ms: Math.round(quantile(values, 0.99)),
  maxMs: Math.round(quantile(values, 1))
})
