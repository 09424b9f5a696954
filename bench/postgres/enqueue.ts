import { atLeast, type Bar, forComparison } from '../bar.ts'
import { inRounds, type Run } from '../run.ts'
import { labels } from './contestants/all.ts'
import { withProducers } from './producers.ts'
import { beside, type Figures, pass } from './rounds.ts'

const names = ['escapement', 'graphileWorker', 'pgBoss', 'bullmq', 'raw'] as const
type Name = (typeof names)[number]
type Passes = readonly Figures<Name>[]

/** Short, and often in turn: the disk has good and bad seconds. */
const SLICE_MS = 500
const SLICES = 6

/** `enqueue` of one job a call, by callers who each await the result before they call again. */
export async function enqueueBars(run: Run): Promise<Bar[]> {
  const servers = await run.servers.start()
  return withProducers(servers, { names, purpose: 'throughput' }, async producers => {
    const measure = async (callers: number, tell: Run['tell']): Promise<Passes> => {
      const passes: Figures<Name>[] = []
      const ms = run.isQuick ? SLICE_MS / 20 : SLICE_MS
      while (passes.length < (run.isQuick ? 1 : SLICES))
        passes.push(
          await pass({
            names,
            what: `enqueue by ${callers} callers`,
            tell,
            measure: name => producers[name].call('enqueue', callers, ms)
          })
        )
      return passes
    }
    await measure(100, step => run.tell(`warming up: ${step}`))
    const ten = await inRounds(run, tell => measure(10, tell))
    const hundred = await inRounds(run, tell => measure(100, tell))
    return [...barsOfTen(ten.flat()), ...barsOfHundred(hundred.flat())]
  })
}

const measuredOf = (name: string, passes: Passes, against: Name) => ({
  name,
  unit: 'jobs/s',
  against: against === 'raw' ? 'raw SQL, callers share a commit' : labels[against],
  ...beside(passes, 'escapement', against)
})

function barsOfTen(passes: Passes): Bar[] {
  const measured = (against: Name) => measuredOf('enqueue one at a time, 10 callers', passes, against)
  return [
    atLeast(12, measured('graphileWorker')),
    forComparison(measured('pgBoss')),
    atLeast(1, measured('bullmq')),
    forComparison(measured('raw'))
  ]
}

const barsOfHundred = (passes: Passes): Bar[] =>
  names
    .filter(name => name !== 'escapement')
    .map(against => forComparison(measuredOf('enqueue one at a time, 100 callers', passes, against)))
