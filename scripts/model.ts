// Checks the protocol's models: every property with all rules in, and for each rule that is taken out the property that
// has to break.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import type { ModelRun } from '../model/run.ts'
import { modelRuns } from '../model/runs.ts'
import { explore, type Finding, isAsExpected } from '../model/spin.ts'
import { ensurePrograms } from './apt.ts'

const USAGE = `Usage: npm run model [-- --quick] [--json] [--only <part of a name>]

  --quick        only the runs that npm test contains too (seconds instead of minutes)
  --only <text>  only the runs whose name contains the text, for example --only "fire R"
  --json         one JSON object on standard output and nothing else

Exit status: 0 every verdict is the expected one, 1 one is not, 2 wrong use.`

interface Checked extends Finding {
  readonly run: ModelRun
  readonly isExpected: boolean
}

async function checkOne(run: ModelRun, signal: AbortSignal): Promise<Checked> {
  const finding = await explore(run, signal)
  const isExpected = isAsExpected(run, finding)
  const { verdict, states, durationMs } = finding
  console.error(`${isExpected ? 'ok ' : 'NOT'} ${run.name}: ${verdict}, ${states} states, ${durationMs} ms`)
  return { ...finding, run, isExpected }
}

async function checkAll(runs: readonly ModelRun[], concurrency: number): Promise<Checked[]> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const checked: Checked[] = []
  const waiting = runs.entries()
  const lane = async () => {
    for (const [position, run] of waiting) checked[position] = await checkOne(run, stop.signal)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return checked
}

function tableOf(checked: readonly Checked[]): string {
  const table = new Table({
    head: ['run', 'expected', 'verdict', 'states', 's', 'at'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true }
  })
  for (const { run, isExpected, verdict, states, durationMs, at } of checked) {
    const shown = isExpected ? verdict : `${verdict} (NOT EXPECTED)`
    table.push([run.name, run.expected, shown, states.toLocaleString('en'), (durationMs / 1000).toFixed(1), at])
  }
  return table.toString()
}

function toJson(checked: readonly Checked[]): string {
  const spin = spawnSync('spin', ['-V'], { encoding: 'utf8' }).stdout.trim()
  const runs = checked.map(({ run, isExpected, verdict, at, states, durationMs }) => {
    return { name: run.name, flags: run.flags, expected: run.expected, verdict, at, states, durationMs, isExpected }
  })
  return JSON.stringify({ ok: checked.every(({ isExpected }) => isExpected), spin, runs }, null, 2)
}

function readOptions() {
  const options = { quick: { type: 'boolean' }, json: { type: 'boolean' }, only: { type: 'string' } } as const
  try {
    return parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return process.exit(2)
  }
}

const { quick = false, json = false, only = '', help = false } = readOptions()
if (help) {
  console.log(USAGE)
  process.exit(0)
}
const wanted = modelRuns.filter(run => (run.quick || !quick) && run.name.toLowerCase().includes(only.toLowerCase()))
if (wanted.length === 0) {
  console.error(`no run's name contains "${only}"${quick ? ' in the quick set' : ''}\n\n${USAGE}`)
  process.exit(2)
}
const { missing } = ensurePrograms([
  { command: 'spin', package: 'spin' },
  { command: 'gcc', package: 'gcc libc6-dev' }
])
if (missing.length > 0) process.exit(1)

// The large searches take gigabytes: one at a time, so that their timings mean something too.
const checked = await checkAll(wanted, quick ? availableParallelism() : 1)
const surprises = checked.filter(({ isExpected }) => !isExpected).length
console.log(json ? toJson(checked) : tableOf(checked))
if (!json) console.log(`${checked.length} runs, ${surprises} with another verdict than expected`)
process.exitCode = surprises === 0 ? 0 : 1
