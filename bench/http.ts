import { atMost, type Bar, forComparison, median } from './bar.ts'
import { ask, withChildren } from './children.ts'
import { askFor, askOften, TOKEN } from './http/asking.ts'
import { fillBooks, scheduleId, type Sizes } from './http/books.ts'
import { withAddresses } from './postgres/servers.ts'
import type { Run } from './run.ts'
import { withScratchFile } from './sqlite/scratch.ts'

const whole = { jobs: 1_000_000, schedules: 100_000, requests: 200, pairs: 20, pairMs: 10_000 }
const quick: typeof whole = { jobs: 2_000, schedules: 500, requests: 5, pairs: 1, pairMs: 500 }

const P99_MS = 50
const SCRAPE_MS = 20
/** Heavy jobs in another process may cost requests so much of what two idle runs differ by. */
const HEAVY_RATIO = 1.1

const root = '/api/v1/scheduler'
const questions = ({ schedules }: Sizes): readonly (readonly [what: string, path: string])[] => [
  ['status', `${root}/status`],
  ['schedules, 50', `${root}/schedules?limit=50`],
  ['schedules, 50 with strips of 30', `${root}/schedules?limit=50&strip=30`],
  ['schedules, paused', `${root}/schedules?health=paused`],
  ['schedules, failing', `${root}/schedules?health=failing`],
  ['schedules, stale', `${root}/schedules?health=stale`],
  ['schedules, of a task', `${root}/schedules?task=task-7`],
  ['schedules, of a task that has none', `${root}/schedules?task=nobody`],
  ['schedules, soonest first', `${root}/schedules?sort=nextFireAt`],
  ['schedules, longest without success', `${root}/schedules?sort=lastSuccessAt`],
  ['search for a part of an id', `${root}/schedules?q=${scheduleId(schedules - 1).slice(-6)}`],
  ['jobs, 50 newest', `${root}/jobs?limit=50`],
  ['jobs, discarded', `${root}/jobs?state=discarded`],
  ['jobs, of a task', `${root}/jobs?task=task-7`],
  ['jobs, of a task that has none', `${root}/jobs?task=nobody`],
  ['what did not fire', `${root}/ledger`],
  ['failures', `${root}/failures`],
  ['tasks', `${root}/tasks`]
]

/** Pages of the API on large books, and requests to an app while jobs of another process keep a processor busy. */
export async function httpBars(run: Run): Promise<Bar[]> {
  process.env['SCHEDULER_API_TOKEN'] = TOKEN
  const sqlite = await withScratchFile(file => storeBars('SQLite', `sqlite:${file}`, run))
  const servers = await run.servers.start()
  const postgres = await withAddresses(servers, addresses => storeBars('PostgreSQL', addresses.postgres, run))
  return [...sqlite, ...postgres]
}

async function storeBars(store: string, database: string, { isQuick, tell }: Run): Promise<Bar[]> {
  const sizes = isQuick ? quick : whole
  tell(`${store}: ${sizes.jobs} jobs and ${sizes.schedules} schedules`)
  await fillBooks(database, sizes)
  return withPort(database, async port => {
    const bars: Bar[] = []
    for (const [what, path] of questions(sizes)) {
      tell(`${store}: ${what}`)
      bars.push(...(await questionBars(`${store}, ${what}`, P99_MS, () => askOften(port, path, sizes.requests))))
    }
    // The first one waits for a count of the backlog.
    await askOften(port, `${root}/metrics`, 1)
    const scrape = () => askOften(port, `${root}/metrics`, sizes.requests)
    bars.push(...(await questionBars(`${store}, scrape`, SCRAPE_MS, scrape)))
    return [...bars, ...(await heavyBars(store, { database, port, sizes, tell }))]
  })
}

async function questionBars(name: string, limit: number, measure: () => ReturnType<typeof askOften>): Promise<Bar[]> {
  const { p50Ms, p99Ms } = await measure()
  return [atMost(limit, { name: `${name}, p99`, value: p99Ms, unit: 'ms', against: 'its p50', reference: p50Ms })]
}

const withPort = <T>(database: string, use: (port: number) => Promise<T>): Promise<T> =>
  withChildren(new URL('http/api-child.ts', import.meta.url), { count: 1, args: [database] }, async children => {
    const [port] = await ask<number>(children, 'port')
    return use(port!)
  })

interface Heavy {
  readonly database: string
  readonly port: number
  readonly sizes: typeof whole
  readonly tell: Run['tell']
}

/** Pairs of an idle run with a heavy and with another idle one, in turn. */
function heavyBars(store: string, { database, port, sizes, tell }: Heavy): Promise<Bar[]> {
  return withChildren(
    new URL('http/heavy-child.ts', import.meta.url),
    { count: 1, args: [database] },
    async children => {
      const p99 = async (mode: 'idle' | 'heavy'): Promise<number> => {
        await ask(children, mode)
        return (await askFor(port, '/', sizes.pairMs)).p99Ms
      }
      const ratios: { heavy: number; idle: number }[] = []
      for (let pair = 1; pair <= sizes.pairs; pair++) {
        tell(`${store}: pair ${pair} of ${sizes.pairs}, idle and heavy`)
        const first = await p99('idle')
        const heavy = await p99('heavy')
        const again = await p99('idle')
        ratios.push({ heavy: heavy / first, idle: again / first })
      }
      const [heavy, idle] = [median(ratios.map(each => each.heavy)), median(ratios.map(each => each.idle))]
      const bar = forComparison({
        name: `${store}, requests beside heavy jobs, p99`,
        value: heavy,
        unit: '× idle',
        against: 'the same, idle both times',
        reference: idle
      })
      return [{ ...bar, bar: `≤ ${HEAVY_RATIO}`, met: bar.ratio <= HEAVY_RATIO }]
    }
  )
}
