import { atLeast, type Bar, forComparison } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { withProducers } from './producers.ts'
import { beside, pass } from './rounds.ts'

const names = ['escapement', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
type Name = (typeof names)[number]

/** Many jobs at once, each contestant in batches of the size that suits it. */
export async function bulkBars(run: Run): Promise<Bar[]> {
  const jobs = run.isQuick ? 1_000 : 50_000
  const servers = await run.servers.start()
  return withProducers(servers, { names, purpose: 'throughput' }, async producers => {
    const measure = (tell: Run['tell']) =>
      pass({ names, what: 'enqueue in bulk', tell, measure: name => producers[name].call('fill', jobs) })
    await measure(step => run.tell(`warming up: ${step}`))
    const passes = await inRounds(run, measure)
    const measured = (against: Name) => ({
      name: 'enqueue in bulk',
      unit: 'jobs/s',
      against: against === 'raw' ? 'raw SQL, COPY' : labels[against],
      ...beside(passes, 'escapement', against)
    })
    return [
      atLeast(4, measured('graphileWorker')),
      forComparison(measured('pgBoss')),
      forComparison(measured('bullmq')),
      forComparison(measured('raw'))
    ]
  })
}
