import { atLeast, type Bar, forComparison, median } from './bar.ts'
import { drainLanes, type Layout, layouts, type ManyLanes } from './node/many-lanes.ts'
import { withAddresses } from './postgres/servers.ts'
import { inRounds, type Run } from './run.ts'
import { withScratchFile } from './sqlite/scratch.ts'

const JOBS = 10_000
const PICK_UPS = 50
/**
 * A drain of so many lanes reaches this part of the rate of one, a pick-up afterwards takes no longer than so much of
 * it, and neither blocks for long.
 */
const RATE = 0.5
const PICK_UP = 1.5
const BLOCKED_MS = 50

type Measured = Readonly<Record<Layout, ManyLanes>>

/** One job in each of 10,000 lanes, next to as many in one. */
export async function queuesBars(run: Run): Promise<Bar[]> {
  const servers = await run.servers.start()
  const size = run.isQuick ? { jobs: 400, pickUps: 3 } : { jobs: JOBS, pickUps: PICK_UPS }
  const stores = {
    SQLite: (layout: Layout) => withScratchFile(file => drainLanes(`sqlite:${file}`, layout, size)),
    PostgreSQL: (layout: Layout) => withAddresses(servers, addresses => drainLanes(addresses.postgres, layout, size))
  }
  const bars: Bar[] = []
  for (const [store, drain] of Object.entries(stores)) {
    if (!run.isQuick) await drain('one')
    const rounds = await inRounds(run, async tell => {
      const measured: Partial<Record<Layout, ManyLanes>> = {}
      for (const layout of layouts) {
        tell(`${store}, ${layout}`)
        measured[layout] = await drain(layout)
      }
      return measured as Measured
    })
    bars.push(...barsOf(store, rounds, { layout: 'queues', called: `${size.jobs.toLocaleString('en')} queues` }))
    bars.push(...barsOf(store, rounds, { layout: 'priorities', called: `200 priorities × ${size.jobs / 200} tasks` }))
  }
  return bars
}

function barsOf(
  store: string,
  rounds: readonly Measured[],
  { layout, called }: { layout: Layout; called: string }
): Bar[] {
  const of = (pick: (measured: ManyLanes) => number) => ({
    value: median(rounds.map(round => pick(round[layout]))),
    reference: median(rounds.map(round => pick(round.one))),
    ratio: median(rounds.map(round => pick(round[layout]) / pick(round.one)))
  })
  const name = `${store}, ${called}`
  const against = 'one queue, claimed as rows'
  const pickUp = forComparison({
    name: `${name}, pick-up afterwards`,
    ...of(({ pickUpMs }) => pickUpMs),
    unit: 'ms',
    against
  })
  const blocked = forComparison({
    name: `${name}, event loop blocked`,
    ...of(({ blockedMs }) => blockedMs),
    unit: 'ms',
    against
  })
  return [
    atLeast(RATE, { name: `${name}, drain`, ...of(({ jobsPerSecond }) => jobsPerSecond), unit: 'jobs/s', against }),
    { ...pickUp, bar: `≤ ${PICK_UP} ×`, met: pickUp.ratio <= PICK_UP },
    { ...blocked, bar: `≤ ${BLOCKED_MS} ms more`, met: blocked.value <= blocked.reference + BLOCKED_MS }
  ]
}
