// Takes guards out of a copy of the code, one at a time, and runs the tests that have to notice.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensurePostgres } from '../scripts/fetch-postgres.ts'
import { newestPostgres } from '../tests/services/postgres-releases.ts'
import { chosen, needsServers, shuffled } from './choose.ts'
import { copyOfCheckout } from './copy.ts'
import { follow, movedFiles } from './follow.ts'
import type { Guard } from './guard.ts'
import { guards } from './guards.ts'
import { lineOf, summaryOf, tableOf, toJson } from './report.ts'
import { Session } from './session.ts'
import { staleEntries } from './stale.ts'
import { Trial, type Tried } from './try.ts'

const USAGE = `Usage: npm run mutate [-- --only <part of a name>] [--room <room>] [--json] [--check]

  --only <text>      only the guards whose name contains the text
  --room <room>      only the guards of a room, for example stores/sqlite
  --without-servers  without the guards whose tests need a database server
  --check            run nothing, and list the entries that no longer fit the code
  --follow           run nothing, and write the new paths of files that have moved into the lists
  --list             run nothing, and list the guards
  --sample <n>       so many of them, drawn by --seed <number> (default: another one each time, which is printed)
  --seconds <n>      begin no further one after so many seconds
  --json             one JSON object on standard output and nothing else

Exit status: 0 every mutation was killed, 1 one was not, or an entry does not fit, 2 wrong use.`

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      options: {
        only: text,
        room: text,
        sample: text,
        seed: text,
        seconds: text,
        'without-servers': flag,
        check: flag,
        follow: flag,
        list: flag,
        json: flag,
        help: { ...flag, short: 'h' }
      }
    })
    return { ...values, ...numbersOf(values) }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function numbersOf({ sample, seed, seconds }: { sample?: string; seed?: string; seconds?: string }) {
  const number = (name: string, given: string | undefined, otherwise: number): number => {
    const value = given === undefined ? otherwise : Number(given)
    if (Number.isNaN(value) || value < 0) throw new Error(`--${name} got "${given}"; it takes a number.`)
    return value
  }
  return {
    sample: number('sample', sample, Infinity),
    seed: number('seed', seed, Date.now() % 1_000_000),
    seconds: number('seconds', seconds, Infinity)
  }
}

function refuse(problem: string): never {
  console.error(`mutate: ${problem}\n\n${USAGE}`)
  return process.exit(2)
}

function prepareServers(wanted: readonly Guard[]): void {
  if (!wanted.some(needsServers)) return
  if (ensurePostgres(newestPostgres)) process.env['ESCAPEMENT_POSTGRES'] = newestPostgres
  else
    console.error(
      `mutate: PostgreSQL ${newestPostgres} could not be fetched; the machine's own is taken, if it has one`
    )
}

async function tryAll(wanted: readonly Guard[], seconds: number): Promise<Tried[]> {
  prepareServers(wanted)
  const folder = copyOfCheckout()
  const session = new Session(folder)
  const isOver = AbortSignal.any([
    stopped.signal,
    ...(seconds === Infinity ? [] : [AbortSignal.timeout(seconds * 1_000)])
  ])
  const tried: Tried[] = []
  try {
    const trial = new Trial(folder, session)
    for (const guard of wanted) {
      if (isOver.aborted) break
      tried.push(await trial.try(guard))
      console.error(lineOf(tried.at(-1)!))
    }
  } finally {
    await session.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return tried
}

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort())

const options = readOptions()
const { only, room, json, sample, seed, seconds } = options
if (options.help) {
  console.log(USAGE)
  process.exit(0)
}
if (options.follow) {
  const moved = movedFiles(guards)
  follow(moved)
  for (const [from, to] of moved) console.log(`${from} is now ${to}`)
  process.exit(0)
}
const inOrder = chosen(guards, { only, room, withoutServers: options['without-servers'] })
if (inOrder.length === 0) refuse('no guard is of that name and room.')
const stale = staleEntries(inOrder)
for (const entry of stale) console.error(`mutate: ${entry}`)
if (options.check || stale.length > 0) {
  console.log(`${inOrder.length} entries, ${stale.length} do not fit the code`)
  process.exit(stale.length === 0 ? 0 : 1)
}
if (options.list) {
  for (const { name, promise } of inOrder) console.log(`${name}: ${promise}`)
  process.exit(0)
}
if (sample < Infinity) console.error(`mutate: the sample is that of --seed ${seed}`)
const wanted = sample < Infinity ? shuffled(inOrder, seed).slice(0, sample) : inOrder
const tried = await tryAll(wanted, seconds)
console.log(json ? toJson(tried, seed) : `${tableOf(tried)}\n${summaryOf(tried)}`)
const isWhole = seconds < Infinity ? tried.length > 0 : tried.length === wanted.length
process.exit(isWhole && tried.every(({ verdict }) => verdict === 'killed') ? 0 : 1)
