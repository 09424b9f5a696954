// `npm run test:matrix`: the stores on every PostgreSQL, the stores and the command line on every line of Node, each at its
// newest, and on the oldest Node of all; and what takes too long for `npm test`.
// `npm run test:postgres`: on every PostgreSQL only.
import { spawnSync } from 'node:child_process'
import { postgresMajors } from '../tests/services/postgres-releases.ts'
import { long } from '../vitest.config.ts'
import { ensureBuilt } from './built.ts'
import { oneOf, report } from './counts.ts'
import { ensurePostgres } from './fetch-postgres.ts'
import { missingPrograms } from './test-programs.ts'
import { type Count, countTests, type Run } from './vitest-run.ts'

// They differ in SQLite's version and in what it binds; PostgreSQL's client is the same on all. npm has the oldest not for every platform.
const hasOldest = process.platform === 'linux' || (process.platform === 'darwin' && process.arch === 'x64')
const LINES = ['22', '24', '26']
const ON_NODE = ['tests/stores/memory', 'tests/stores/sqlite', 'tests/cli']
const ON_POSTGRES = ['tests/stores/postgres', '--project=servers', '--project=long']
const LONG = [...long.filter(file => !file.startsWith('tests/stores/postgres/')), '--project=long']

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

async function onPostgres(postgres: string): Promise<void> {
  const isThere = ensurePostgres(postgres)
  counts.push(oneOf(isThere))
  if (!isThere) return console.error(`test: PostgreSQL ${postgres} could not be fetched, and counts as failed`)
  console.error(`test: tests/stores/postgres on PostgreSQL ${postgres}`)
  runs.push(await countTests(ON_POSTGRES, { postgres }))
}

async function onNode(node: string): Promise<void> {
  console.error(`test: ${ON_NODE.join(', ')} on Node ${node}`)
  runs.push(await countTests([...ON_NODE, '--project=!servers'], { node }))
}

counts.push(...missingPrograms().map(() => oneOf(false)))
for (const major of postgresMajors) await onPostgres(major)
if (!process.argv.includes('--postgres')) {
  console.error('test: what takes long')
  runs.push(await countTests(LONG))
  for (const node of [...(hasOldest ? ['22.18.0'] : []), ...LINES.map(newestNode)]) await onNode(node)
}
report(counts, runs)
