// `npm run bench -- cron|sqlite`: measures the project beside its references, in the same run.
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bar } from './bar.ts'
import { reportOf, tableOf } from './report.ts'

type Tell = (progress: string) => void
type Bench = (rounds: number, tell: Tell) => Promise<Bar[]>

interface Entry {
  readonly says: string
  readonly load: () => Promise<Bench>
}

const benches: Readonly<Record<string, Entry>> = {
  cron: {
    says: 'next fire times a second, beside croner and cron-parser',
    load: async () => (await import('./cron.ts')).cronBars
  },
  sqlite: {
    says: 'drain, enqueue, lateness, registration and idling on SQLite, beside plain loops on the same kind of file',
    load: async () => (await import('./sqlite.ts')).sqliteBars
  }
}

const usage = (): string =>
  [
    'Usage: npm run bench -- <what> [--json] [--rounds <n>]',
    '',
    ...Object.entries(benches).map(([name, { says }]) => `  ${name.padEnd(8)}${says}`),
    '',
    '  --json         one JSON object on standard output, and nothing else',
    '  --rounds <n>   how often each is measured, in turn with the others; the median counts (1 to 100, default 5)'
  ].join('\n')

function refuse(problem: string): never {
  process.stderr.write(`bench: ${problem}\n\n${usage()}\n`)
  process.exit(2)
}

interface Asked {
  readonly what: string
  readonly entry: Entry
  readonly isJson: boolean
  readonly rounds: number
}

function readArguments(): Asked {
  const { values, positionals } = parse()
  const what = positionals[0]
  if (what === undefined || positionals.length > 1) return refuse(`got ${positionals.length} names; it takes one`)
  const entry = Object.hasOwn(benches, what) ? benches[what] : undefined
  if (entry === undefined) return refuse(`there is no bench "${what}"; it takes ${Object.keys(benches).join(' or ')}`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    return refuse(`--rounds is "${values.rounds}"; it takes a whole number from 1 to 100`)
  return { what, entry, isJson: values.json, rounds }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } }
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

/** Ratios bear a busy machine, limits in milliseconds don't. */
function warnOfLoad(): void {
  const load = loadavg()[0]!
  const processors = availableParallelism()
  if (load > processors / 4)
    tell(`${load.toFixed(1)} others run on ${processors} processors: what is measured in milliseconds will look worse`)
}

const { what, entry, isJson, rounds } = readArguments()
const tell: Tell = progress => process.stderr.write(`bench ${what}: ${progress}\n`)
warnOfLoad()
const run = await entry.load()
const bars = await run(rounds, tell)
process.stdout.write(isJson ? `${JSON.stringify(reportOf(rounds, bars))}\n` : `${tableOf(rounds, bars)}\n`)
