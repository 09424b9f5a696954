// `npm test`: the checks, the whole suite on this Node, and what is promised of other Node versions on those.
// With arguments (`npm test -- tests/core`) they go to vitest, and nothing else is run.
import { findChromium } from '../examples/ship-tracker/chromium.ts'
import { findProgram } from '../tests/services/find-program.ts'
import { ensurePrograms, type Program } from './apt.ts'
import { ensureBuilt } from './built.ts'
import { runChecks } from './checks.ts'
import { type Count, countTests } from './vitest-run.ts'

// The oldest Node that is supported (or the oldest of its line that npm has for this platform) and the one that this is
// developed on. They differ in SQLite's version and in what it binds; PostgreSQL's client is the same on both.
const hasOldest = process.platform === 'linux' || (process.platform === 'darwin' && process.arch === 'x64')
const VERSIONS = [hasOldest ? '22.18.0' : '22', '24']
const PER_VERSION = ['tests/stores/memory', 'tests/stores/sqlite', 'tests/cli']

const mustBeWhole = !['', 'false', '0'].includes(process.env['CI'] ?? '')
const chosen = process.argv.slice(2)

const servers: readonly Program[] = [
  { command: 'postgres', package: 'postgresql', find: () => findProgram('postgres') },
  { command: 'pgbouncer', package: 'pgbouncer', find: () => findProgram('pgbouncer') },
  { command: 'redis-server', package: 'redis-server', find: () => findProgram('redis-server') },
  { command: 'nginx', package: 'nginx-light', find: () => findProgram('nginx') },
  { command: 'supervisord', package: 'supervisor' },
  { command: 'systemd-analyze', package: 'systemd' }
]
const missing = missingPrograms()

function missingPrograms(): readonly string[] {
  const programs: Program[] = [
    { command: 'spin', package: 'spin' },
    { command: 'gcc', package: 'gcc libc6-dev' },
    ...servers
  ]
  const hasChromium = process.env['CHROMIUM_PATH'] !== undefined || findChromium() !== undefined
  if (!hasChromium) programs.push({ command: 'chromium', package: 'chromium fonts-dejavu-core' })
  return ensurePrograms(programs).missing
}

const isThisNode = (version: string): boolean => `${process.version.slice(1)}.`.startsWith(`${version}.`)

// A check, a build and a program that has to be there count as one each, so that the last line never says "0 failed" of a red run.
function countPreparation(): Count[] {
  const counts = [{ passed: 0, failed: mustBeWhole ? missing.length : 0, skipped: 0 }]
  const verdicts = chosen.length > 0 ? [] : runChecks()
  verdicts.push({ name: 'build', isClean: ensureBuilt() })
  for (const { isClean } of verdicts) counts.push({ passed: Number(isClean), failed: Number(!isClean), skipped: 0 })
  return counts
}

// Where a browser can't be had and needs not be, the tests that drive one are left out, and said to be.
function withoutBrowser(): readonly string[] {
  if (mustBeWhole || !missing.includes('chromium')) return []
  console.error('test: no Chromium, so tests/browser is left out')
  return ['--exclude=tests/browser/**']
}

// Likewise those that need a database server.
function withoutServers(): readonly string[] {
  const lacking = servers.filter(({ command }) => missing.includes(command)).map(({ command }) => command)
  if (mustBeWhole || lacking.length === 0) return []
  console.error(`test: no ${lacking.join(', ')}, so the tests on PostgreSQL and Redis are left out`)
  return ['--project=!servers', '--exclude=**/*.postgres.test.ts']
}

const preparation = countPreparation()
const runs = [await countTests([...chosen, ...withoutBrowser(), ...withoutServers()])]
for (const version of VERSIONS.filter(each => chosen.length === 0 && !isThisNode(each))) {
  console.error(`test: ${PER_VERSION.join(' and ')} on Node ${version}`)
  runs.push(await countTests([...PER_VERSION, '--project=!servers'], version))
}

for (const failure of runs.flatMap(({ failures }) => failures)) console.error(`\ntest: failed: ${failure}`)

const sum = (part: keyof Count): number => [...preparation, ...runs].reduce((total, count) => total + count[part], 0)
process.exitCode = sum('failed') === 0 ? 0 : 1
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
