// `npm run test:matrix`: what `npm test` leaves out. The stores on every PostgreSQL and on every line of Node, each at its
// newest, and on the oldest Node of all; what takes long; the frameworks, bundlers and other runtimes.
// `npm run test:postgres`: on every PostgreSQL only.
import { spawnSync } from 'node:child_process'
import { newestPostgres, postgresMajors } from '../tests/services/postgres-releases.ts'
import { long } from '../vitest.config.ts'
import { ensureBuilt } from './built.ts'
import { oneOf, report } from './counts.ts'
import { ensurePostgres } from './fetch-postgres.ts'
import { missingPrograms } from './test-programs.ts'
import { type Count, countTests, type Run } from './vitest-run.ts'

// They differ in SQLite's version and in what it binds; PostgreSQL's client is the same on all. npm has the oldest not for every platform.
const hasOldest = process.platform === 'linux' || (process.platform === 'darwin' && process.arch === 'x64')
const LINES = ['22', '24', '26']
const STORES = ['tests/stores/memory', 'tests/stores/sqlite']
/** It starts hundreds of processes: on the oldest and on the newest Node it takes long enough. */
const COMMANDS = 'tests/cli'
const ON_POSTGRES = ['tests/stores/postgres', '--project=servers', '--project=long']
const LONG = [...long.filter(file => !file.startsWith('tests/stores/postgres/')), '--project=long']

const isPostgresOnly = process.argv.includes('--postgres')
const counts: Count[] = [oneOf(ensureBuilt())]
const runs: Run[] = []

/** The newest release of a line, by its full number: one that was fetched long ago may still lie there under the line's own. */
function newestNode(line: string): string {
  const args = ['view', `node-${process.platform}-${process.arch}@${line}`, 'version', '--json', '--loglevel=warn']
  const { stdout } = spawnSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  try {
    const versions = [JSON.parse(stdout)].flat() as string[]
    return versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? line
  } catch {
    console.error(`test: the newest Node ${line} could not be asked for; the one that is there is taken`)
    return line
  }
}

async function onPostgres(postgres: string, tests: readonly string[]): Promise<void> {
  const isThere = ensurePostgres(postgres)
  counts.push(oneOf(isThere))
  if (!isThere) return console.error(`test: PostgreSQL ${postgres} could not be fetched, and counts as failed`)
  console.error(`test: tests/stores/postgres on PostgreSQL ${postgres}`)
  runs.push(await countTests(tests, { postgres }))
}

async function onNode(node: string, tests: readonly string[]): Promise<void> {
  console.error(`test: ${tests.join(', ')} on Node ${node}`)
  runs.push(await countTests([...tests, '--project=!servers'], { node }))
}

async function onNodes(): Promise<void> {
  if (hasOldest) await onNode('22.18.0', [...STORES, COMMANDS])
  for (const line of LINES) {
    const newest = newestNode(line)
    // `npm test` runs on this one.
    if (newest === process.versions.node) continue
    await onNode(newest, line === LINES.at(-1) ? [...STORES, COMMANDS] : STORES)
  }
}

/** What differs between releases shows at the ends: the ones in between are left without the long tests. */
function testsOn(major: string): readonly string[] {
  if (isPostgresOnly || major === postgresMajors[0]) return ON_POSTGRES
  // `npm test` has run on the newest, without the long tests.
  return ['tests/stores/postgres', major === newestPostgres ? '--project=long' : '--project=servers']
}

counts.push(...missingPrograms().map(() => oneOf(false)))
for (const major of postgresMajors) {
  await onPostgres(major, testsOn(major))
}
if (!isPostgresOnly) {
  console.error('test: what takes long')
  runs.push(await countTests(LONG))
  await onNodes()
}
report(counts, runs)
