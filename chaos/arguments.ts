import { parseArgs } from 'node:util'
import { topologies, type Topology } from '../src/settings/kinds/topologies.ts'
import { faultKinds, type FaultKind } from './plan.ts'
import { type Switch, switches } from './rig/without.ts'
import { type StoreName, stores } from './run-on.ts'

const usage = `Usage: npm run chaos -- [options]

  --topology <name>   ${topologies.join(', ')} (default everywhere)
  --store <name>      ${stores.join(', ')} (default sqlite)
  --seconds <n>       how long fire times and enqueued jobs come, 10 to 86400 (default 60)
  --seed <n>          what the faults follow from (default: any, which is told)
  --schedules <n>     2 to 10000 (default 100)
  --rate <n>          jobs enqueued a second, 0 to 10000 (default 100)
  --faults <kinds>    only these, with commas: ${faultKinds.join(', ')}
  --without <what>    ${switches.join(', ')}, with commas: a short run, on SQLite, of a copy of the product that lacks it
  --check <folder>    no run: what was kept of one is held to the invariants again
  --keep              leave the history and the books behind, and say where
  --json              one JSON object on standard output, and nothing else

The exit status is 0 when every invariant holds, 1 when one does not, and 2 for a wrong use.`

export interface Asked {
  readonly run: {
    readonly topology: Topology
    readonly store: StoreName
    readonly seconds: number
    readonly seed: number
    readonly schedules: number
    readonly rate: number
  }
  /** Undefined: all that the store can suffer. */
  readonly only: readonly FaultKind[] | undefined
  readonly without: readonly Switch[]
  readonly check: string | undefined
  readonly isKept: boolean
  readonly isJson: boolean
}

export function refuse(problem: string): never {
  process.stderr.write(`chaos: ${problem}\n\n${usage}\n`)
  process.exit(2)
}

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const MAX_SEED = 2 ** 31

function parse() {
  const names = { topology: text, store: text, seconds: text, seed: text, schedules: text, rate: text, faults: text }
  try {
    const options = { ...names, without: text, check: text, keep: flag, json: flag }
    return parseArgs({ options }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

export function readArguments(): Asked {
  const given = parse()
  const run = {
    topology: oneOf('--topology', given.topology ?? 'everywhere', topologies),
    store: oneOf('--store', given.store ?? 'sqlite', stores),
    seconds: whole('--seconds', given.seconds ?? 60, [10, 86_400]),
    seed: whole('--seed', given.seed ?? Math.floor(Math.random() * MAX_SEED), [0, MAX_SEED]),
    schedules: whole('--schedules', given.schedules ?? 100, [2, 10_000]),
    rate: whole('--rate', given.rate ?? 100, [0, 10_000])
  }
  if (run.topology === 'fleet' && run.store === 'sqlite') refuse('a fleet has many hosts, and SQLite is for one')
  return {
    run,
    only: given.faults === undefined ? undefined : listOf('--faults', given.faults, faultKinds),
    without: given.without === undefined ? [] : listOf('--without', given.without, switches),
    check: given.check,
    isKept: given.keep,
    isJson: given.json
  }
}

function whole(option: string, got: string | number, [least, most]: readonly [number, number]): number {
  const value = Number(got)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  return refuse(`${option} is "${got}"; it takes a whole number from ${least} to ${most}`)
}

const oneOf = <T extends string>(option: string, got: string, choices: readonly T[]): T =>
  choices.find(each => each === got) ?? refuse(`${option} has "${got}"; it takes ${choices.join(', ')}`)

const listOf = <T extends string>(option: string, got: string, choices: readonly T[]): T[] =>
  got.split(',').map(each => oneOf(option, each, choices))
