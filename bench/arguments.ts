import { parseArgs } from 'node:util'
import { benches } from './benches.ts'
import type { Run } from './run.ts'

export interface Asked extends Omit<Run, 'tell' | 'servers'> {
  readonly names: readonly string[]
  readonly isJson: boolean
  /** Where the chart goes. */
  readonly chart: string | undefined
}

const options = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  chart: { type: 'string' },
  rounds: { type: 'string' },
  commit: { type: 'string' },
  jobs: { type: 'string', default: '1000000' },
  seconds: { type: 'string', default: '180' }
} as const

const usage = (): string =>
  [
    'Usage: npm run bench -- <what…> [--json] [--rounds <n>] [--quick]',
    '',
    ...Object.entries(benches).map(([name, { says }]) => `  ${name.padEnd(11)}${says}`),
    '  all        all of them but "against"',
    '',
    '  --json         one JSON object on standard output, and nothing else',
    '  --rounds <n>   how often each is measured, in turn with the others; the median counts (1 to 100, default 5)',
    '  --quick        little of everything, once: shows that the bench works, the figures mean nothing',
    '  --chart <file> writes what was measured beside others as SVG',
    '  --commit <c>   against: the earlier commit',
    '  --jobs <n>     backlog: how many jobs wait in the deep one (default 1,000,000)',
    '  --seconds <n>  bloat: how long the transaction is held open (default 180)'
  ].join('\n')

/** What the command line asks for; a wrong one ends the process with status 2. */
export function readArguments(args: readonly string[]): Asked {
  const { values, positionals } = parse(args)
  const every = Object.keys(benches)
  if (positionals.length === 0) return refuse(`it takes a name: all, ${every.join(', ')}`)
  if (positionals.includes('against') && values.commit === undefined) return refuse('against takes --commit <commit>')
  const unknown = positionals.find(name => name !== 'all' && !every.includes(name))
  if (unknown !== undefined) return refuse(`there is no bench "${unknown}"; it takes all, ${every.join(', ')}`)
  return {
    names: every.filter(name => positionals.includes(name) || (positionals.includes('all') && name !== 'against')),
    commit: values.commit,
    isJson: values.json,
    isQuick: values.quick,
    chart: values.chart,
    rounds: whole('rounds', values.rounds ?? (values.quick ? '1' : '5'), 100),
    jobs: whole('jobs', values.quick ? '2000' : values.jobs, 100_000_000),
    seconds: whole('seconds', values.quick ? '1' : values.seconds, 3_600)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  return refuse(`--${option} is "${text}"; it takes a whole number from 1 to ${most.toLocaleString('en')}`)
}

function refuse(problem: string): never {
  console.error(`bench: ${problem}\n\n${usage()}`)
  process.exit(2)
}
