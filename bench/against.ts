import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from '../scripts/built.ts'
import { buildOf } from './against/build.ts'
import { atLeast, type Bar, median } from './bar.ts'
import { importTimes } from './node/idle.ts'
import { withAddresses } from './postgres/servers.ts'
import { inRounds, type Run } from './run.ts'
import { withScratchFile } from './sqlite/scratch.ts'

/** What counts as no worse. */
const NO_WORSE = 0.97

interface Scenario {
  readonly name: string
  readonly unit: string
  readonly isLessBetter?: boolean
  /** With the library whose entry this is. */
  readonly measure: (entry: string) => Promise<number>
}

interface Measured {
  readonly ours: number
  readonly theirs: number
}

/** Both builds in turn, each figure in a process of its own; the median of the pairs' ratios counts. */
export async function againstBars(run: Run): Promise<Bar[]> {
  const { commit, tell } = run
  if (commit === undefined) throw new Error('"against" takes --commit <an earlier commit>')
  if (!ensureBuilt()) throw new Error('the library could not be built, see above')
  tell(`building ${commit}`)
  const [ours, theirs] = [join(import.meta.dirname, '..'), buildOf(commit)].map(folder => join(folder, 'dist/index.js'))
  const scenarios = await scenariosOf(run)
  let turn = 0
  const rounds = await inRounds(run, async step => {
    const measured: Measured[] = []
    for (const { name, measure } of scenarios) {
      step(name)
      measured.push(
        await inTurn(
          () => measure(ours!),
          () => measure(theirs!),
          (turn += 1)
        )
      )
    }
    return measured
  })
  return scenarios.map((scenario, at) =>
    barOf(
      scenario,
      commit,
      rounds.map(measured => measured[at]!)
    )
  )
}

/** Each time another one first, so that both meet the same minutes of a noisy machine. */
async function inTurn(ours: () => Promise<number>, theirs: () => Promise<number>, turn: number): Promise<Measured> {
  if (turn % 2 === 0) return { ours: await ours(), theirs: await theirs() }
  const first = await theirs()
  return { ours: await ours(), theirs: first }
}

async function scenariosOf({ servers, isQuick }: Run): Promise<Scenario[]> {
  const running = await servers.start()
  const sqlite: With = use => withScratchFile(file => use(`sqlite:${file}`))
  const postgres: With = use => withAddresses(running, addresses => use(addresses.postgres))
  const [few, many] = isQuick ? [100, 400] : [30_000, 100_000]
  const on = (store: string, withDatabase: With): Scenario[] => {
    const rate = (name: string, scenario: string, jobs: number): Scenario => ({
      name: `${store}, ${name}`,
      unit: 'jobs/s',
      measure: entry => withDatabase(async database => figureOf(entry, scenario, database, jobs))
    })
    return [
      rate('drain, finished jobs dropped', 'drain-dropped', many),
      rate('drain, finished jobs kept', 'drain-kept', many),
      rate('enqueue one at a time, 10 callers', 'enqueue', few),
      rate('enqueue in bulk, 1,000 at a time', 'bulk', many)
    ]
  }
  const costs = { isLessBetter: true } as const
  return [
    ...on('SQLite', sqlite),
    ...on('PostgreSQL', postgres),
    {
      name: 'start of Node with the import',
      unit: 'ms',
      ...costs,
      measure: async entry => importTimes([[entry]], isQuick ? 1 : 5)[0]!
    },
    {
      name: 'idle worker on SQLite, resident memory',
      unit: 'MB',
      ...costs,
      measure: entry => sqlite(async database => figureOf(entry, 'idle', database, 0))
    }
  ]
}

type With = (use: (database: string) => Promise<number>) => Promise<number>

function figureOf(entry: string, scenario: string, database: string, jobs: number): number {
  const script = fileURLToPath(new URL('against/scenario.mjs', import.meta.url))
  const args = ['--disable-warning=ExperimentalWarning', script, entry, scenario, database, String(jobs)]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  const figure = Number.parseFloat(stdout)
  if (status !== 0 || Number.isNaN(figure)) throw new Error(`"${scenario}" of ${entry} ended with ${status}`)
  return figure
}

function barOf({ name, unit, isLessBetter = false }: Scenario, commit: string, measured: readonly Measured[]): Bar {
  const value = median(measured.map(({ ours }) => ours))
  const reference = median(measured.map(({ theirs }) => theirs))
  const ratio = median(measured.map(({ ours, theirs }) => (isLessBetter ? theirs / ours : ours / theirs)))
  const against = isLessBetter ? `${commit}; the ratio is its figure by ours` : commit
  return atLeast(NO_WORSE, { name, value, unit, against, reference, ratio })
}
