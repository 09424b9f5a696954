// `npm test`: the checks, the whole suite on this Node and the newest PostgreSQL, and what is promised of the oldest of both.
// With arguments (`npm test -- tests/core`) they go to vitest, and nothing else is run.
import { readdirSync } from 'node:fs'
import { newestPostgres, oldestPostgres } from '../tests/services/postgres-releases.ts'
import { ensureBuilt } from './built.ts'
import { runChecks } from './checks.ts'
import { oneOf, report } from './counts.ts'
import { ensurePostgres } from './fetch-postgres.ts'
import { missingPrograms, mustBeWhole, serverPrograms } from './test-programs.ts'
import { type Count, countTests, type Run } from './vitest-run.ts'

// The oldest Node that is supported (or the oldest of its line that npm has for this platform) and the one that this is
// developed on. They differ in SQLite's version and in what it binds; PostgreSQL's client is the same on both.
const hasOldest = process.platform === 'linux' || (process.platform === 'darwin' && process.arch === 'x64')
const VERSIONS = [hasOldest ? '22.18.0' : '22', '24']
const PER_VERSION = ['tests/stores/memory', 'tests/stores/sqlite', 'tests/cli']

const POSTGRES_TESTS = 'tests/stores/postgres'
// What the clients (in a folder of their own), a pooler and random histories find, they find on the newest.
const LEFT_OUT = ['pgbouncer.test.ts', 'pooler.test.ts', 'model.test.ts', 'errors.test.ts']
const onOldest = readdirSync(POSTGRES_TESTS).filter(name => name.endsWith('.test.ts') && !LEFT_OUT.includes(name))

const chosen = process.argv.slice(2)
const isWhole = chosen.length === 0
const missing = missingPrograms()
const lackingServers = serverPrograms.filter(({ command }) => missing.includes(command)).map(({ command }) => command)

const isThisNode = (version: string): boolean => `${process.version.slice(1)}.`.startsWith(`${version}.`)

function prepare(): Count[] {
  const verdicts = [...(isWhole ? runChecks() : []), { name: 'build', isClean: ensureBuilt() }]
  const missed = { passed: 0, failed: mustBeWhole ? missing.length : 0, skipped: 0 }
  return [missed, ...verdicts.map(({ isClean }) => oneOf(isClean))]
}

// Where a browser can't be had and needs not be, the tests that drive one are left out, and said to be.
function withoutBrowser(): readonly string[] {
  if (mustBeWhole || !missing.includes('chromium')) return []
  console.error('test: no Chromium, so tests/browser is left out')
  return ['--exclude=tests/browser/**']
}

// Likewise those that need a database server.
function withoutServers(): readonly string[] {
  if (mustBeWhole || lackingServers.length === 0) return []
  console.error(`test: no ${lackingServers.join(', ')}, so the tests on PostgreSQL and Redis are left out`)
  return ['--project=!servers', '--exclude=**/*.postgres.test.ts']
}

// Where a version can't be fetched the machine's own takes its place, except in a run that has to be whole.
function fetched(major: string, counts: Count[]): string | undefined {
  const isThere = ensurePostgres(major)
  if (!isThere) console.error(`test: PostgreSQL ${major} could not be fetched`)
  if (mustBeWhole) counts.push(oneOf(isThere))
  return isThere ? major : undefined
}

async function onOldestPostgres(counts: Count[]): Promise<Run[]> {
  if (!mustBeWhole && lackingServers.length > 0) return []
  const postgres = fetched(oldestPostgres, counts)
  if (postgres === undefined) return []
  console.error(`test: ${POSTGRES_TESTS} on PostgreSQL ${postgres}, without clients, ${LEFT_OUT.join(', ')}`)
  return [await countTests(['--project=servers', ...onOldest.map(name => `${POSTGRES_TESTS}/${name}`)], { postgres })]
}

const counts = prepare()
const postgres = fetched(newestPostgres, counts)
const runs = [await countTests([...chosen, ...withoutBrowser(), ...withoutServers()], { postgres })]
if (isWhole) runs.push(...(await onOldestPostgres(counts)))
for (const node of VERSIONS.filter(each => isWhole && !isThisNode(each))) {
  console.error(`test: ${PER_VERSION.join(' and ')} on Node ${node}`)
  runs.push(await countTests([...PER_VERSION, '--project=!servers'], { node }))
}
report(counts, runs)
