// `npm test`: the checks, and the suite on this Node and the newest PostgreSQL. All others, and what takes long
// (`vitest.config.ts` names it): `npm run test:matrix`.
// With arguments (`npm test -- tests/core`) they go to vitest, and nothing else is run.
import { newestPostgres } from '../tests/services/postgres-releases.ts'
import { ensureBuilt } from './built.ts'
import { runChecks } from './checks.ts'
import { oneOf, report } from './counts.ts'
import { ensurePostgres } from './fetch-postgres.ts'
import { missingPrograms, mustBeWhole, serverPrograms } from './test-programs.ts'
import { type Count, countTests } from './vitest-run.ts'

const chosen = process.argv.slice(2)
const isWhole = chosen.length === 0
const missing = missingPrograms()
const lackingServers = serverPrograms.filter(({ command }) => missing.includes(command)).map(({ command }) => command)

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

const counts = prepare()
const postgres = fetched(newestPostgres, counts)
const run = await countTests([...(isWhole ? ['--project=!long'] : chosen), ...withoutBrowser(), ...withoutServers()], {
  postgres
})
report(counts, [run])
