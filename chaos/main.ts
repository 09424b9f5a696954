// `npm run chaos`: real processes, real faults, and a history that is held to the invariants.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { topologies, type Topology } from '../src/settings/settings.ts'
import { ensureBuilt } from '../scripts/built.ts'
import { faultKinds } from './plan.ts'
import { verdictInWords } from './report.ts'
import { builtProduct } from './rig/product.ts'
import { switches } from './rig/without.ts'
import { runWithout } from './run-without.ts'
import { runOn, type StoreName, stores } from './run-on.ts'

const usage = `Usage: npm run chaos -- [options]

  --topology <name>   ${topologies.join(', ')} (default everywhere)
  --store <name>      ${stores.join(', ')} (default sqlite)
  --seconds <n>       how long fire times and enqueued jobs come, 10 to 86400 (default 60)
  --seed <n>          what the faults follow from (default: any, which is told)
  --schedules <n>     2 to 10000 (default 100)
  --rate <n>          jobs enqueued a second, 0 to 10000 (default 100)
  --faults <kinds>    only these, with commas: ${faultKinds.join(', ')}
  --without <what>    ${switches.join(', ')}, or several with commas: a short run, on SQLite, of a copy that lacks it; has to be red
  --keep              leave the history and the books behind, and say where
  --json              one JSON object on standard output, and nothing else`

function refuse(problem: string): never {
  process.stderr.write(`chaos: ${problem}\n\n${usage}\n`)
  process.exit(2)
}

const text = (standard: string) => ({ type: 'string', default: standard }) as const
const isSet = { type: 'boolean', default: false } as const

function parse() {
  try {
    return parseArgs({
      options: {
        topology: text('everywhere'),
        store: text('sqlite'),
        seconds: text('60'),
        seed: text(String(Math.floor(Math.random() * 2 ** 31))),
        schedules: text('100'),
        rate: text('100'),
        faults: text(''),
        without: text(''),
        keep: isSet,
        json: isSet
      }
    }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const asked = parse()

function whole(name: 'seconds' | 'seed' | 'schedules' | 'rate', least: number, most: number): number {
  const value = Number(asked[name])
  if (Number.isInteger(value) && value >= least && value <= most) return value
  return refuse(`--${name} is "${asked[name]}"; it takes a whole number from ${least} to ${most}`)
}

function oneOf<T extends string>(name: 'topology' | 'store', choices: readonly T[]): T {
  const choice = choices.find(each => each === asked[name])
  return choice ?? refuse(`--${name} is "${asked[name]}"; it takes ${choices.join(', ')}`)
}

const topology: Topology = oneOf('topology', topologies)
const store: StoreName = oneOf('store', stores)
if (topology === 'fleet' && store === 'sqlite') refuse('a fleet has many hosts, and SQLite is for one')
const options = {
  topology,
  store,
  seconds: whole('seconds', 10, 86_400),
  seed: whole('seed', 0, 2 ** 31),
  schedules: whole('schedules', 2, 10_000),
  rate: whole('rate', 0, 10_000)
}

function listOf<T extends string>(name: 'faults' | 'without', choices: readonly T[]): T[] {
  const names = asked[name].split(',').filter(each => each !== '')
  return names.map(each => {
    const choice = choices.find(one => one === each)
    return choice ?? refuse(`--${name} has "${each}"; it takes ${choices.join(', ')}`)
  })
}

const faults = listOf('faults', faultKinds)
const lacks = listOf('without', switches)
if (!ensureBuilt()) refuse('the library could not be built, see above')
// What is left behind is ended with us: a process that is frozen would stay for ever.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const folder = mkdtempSync(join(tmpdir(), 'escapement-chaos-'))
const tell = (progress: string): void => void process.stderr.write(`chaos: ${progress}\n`)
try {
  const ran =
    lacks.length > 0
      ? await runWithout(lacks, { ...options, folder, tell })
      : await runOn({ ...options, only: faults.length > 0 ? faults : undefined, folder, product: builtProduct, tell })
  const report = { ...options, ok: ran.findings.length === 0, ...ran }
  process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : `${verdictInWords(ran)}\n`)
  process.exitCode = report.ok ? 0 : 1
} finally {
  if (asked.keep) tell(`everything is in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
