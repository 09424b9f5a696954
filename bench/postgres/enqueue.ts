import { atLeast, type Bar, forComparison } from '../bar.ts'
import type { Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { withPlace, type Places } from './places.ts'
import { withProcess } from './processes.ts'
import { type Figures, medians } from './rounds.ts'

const names = ['escapement', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
type Name = (typeof names)[number]

const MEASURED_MS = 3_000
const WARM_UP_MS = 500

/** `enqueue` of one job a call, by callers who each await the answer before they call again. */
export async function enqueueBars(run: Run): Promise<Bar[]> {
  const share = run.isQuick ? 1 / 50 : 1
  const measureWith = (callers: number) => (name: Name, places: Places) =>
    withPlace(places, place =>
      withProcess({ name, place }, async contestant => {
        await contestant.call('install', 'throughput')
        await contestant.call('produce', 'throughput')
        await contestant.call('enqueue', callers, WARM_UP_MS * share)
        return contestant.call('enqueue', callers, MEASURED_MS * share)
      })
    )
  const ten = await medians(run, { names, what: 'enqueue by 10 callers', measure: measureWith(10) })
  const hundred = await medians(run, { names, what: 'enqueue by 100 callers', measure: measureWith(100) })
  return [...barsOfTen(ten), ...barsOfHundred(hundred)]
}

const measuredOf = (name: string, figures: Figures<Name>, against: Name) => ({
  name,
  value: figures.escapement,
  unit: 'jobs/s',
  against: against === 'raw' ? 'raw SQL, callers share a commit' : labels[against],
  reference: figures[against]
})

function barsOfTen(figures: Figures<Name>): Bar[] {
  const measured = (against: Name) => measuredOf('enqueue one at a time, 10 callers', figures, against)
  return [
    atLeast(12, measured('graphileWorker')),
    forComparison(measured('pgBoss')),
    atLeast(1, measured('bullmq')),
    forComparison(measured('raw'))
  ]
}

const barsOfHundred = (figures: Figures<Name>): Bar[] =>
  names
    .filter(name => name !== 'escapement')
    .map(against => forComparison(measuredOf('enqueue one at a time, 100 callers', figures, against)))
