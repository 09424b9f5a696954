import { atLeast, type Bar, forComparison } from '../bar.ts'
import type { Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { withPlace, type Places } from './places.ts'
import { withProcess } from './processes.ts'
import { medians } from './rounds.ts'

const names = ['escapement', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
type Name = (typeof names)[number]

/** Many jobs at once, each contestant in batches of the size that suits it. */
export async function bulkBars(run: Run): Promise<Bar[]> {
  const jobs = run.isQuick ? 2_000 : 100_000
  const measure = (name: Name, places: Places): Promise<number> =>
    withPlace(places, place =>
      withProcess({ name, place }, async contestant => {
        await contestant.call('install', 'throughput')
        await contestant.call('produce', 'throughput')
        await contestant.call('fill', Math.ceil(jobs / 10))
        return contestant.call('fill', jobs)
      })
    )
  const figures = await medians(run, { names, what: 'enqueue in bulk', measure })
  const measured = (against: Name) => ({
    name: `enqueue in bulk`,
    value: figures.escapement,
    unit: 'jobs/s',
    against: against === 'raw' ? 'raw SQL, COPY' : labels[against],
    reference: figures[against]
  })
  return [
    atLeast(4, measured('graphileWorker')),
    forComparison(measured('pgBoss')),
    forComparison(measured('bullmq')),
    forComparison(measured('raw'))
  ]
}
