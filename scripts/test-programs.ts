// The programs that the tests need and npm can't bring.
import { findChromium } from '../examples/ship-tracker/chromium.ts'
import { findProgram } from '../tests/services/find-program.ts'
import { ensurePrograms, type Program } from './apt.ts'

/** A program that the tests need and can't get is a failure. */
export const mustBeWhole = !['', 'false', '0'].includes(process.env['CI'] ?? '')

const found = (command: string, packages: string): Program => ({
  command,
  package: packages,
  find: () => findProgram(command)
})

/** PostgreSQL's package brings `psql`, and the user that its servers run as. */
const postgresPrograms = [found('postgres', 'postgresql'), found('psql', 'postgresql-client')]
export const serverPrograms = [
  ...postgresPrograms,
  found('pgbouncer', 'pgbouncer'),
  found('redis-server', 'redis-server'),
  found('nginx', 'nginx-light'),
  found('promtool', 'prometheus'),
  { command: 'supervisord', package: 'supervisor' },
  { command: 'systemd-analyze', package: 'systemd' }
]

/** The commands that are missing of all that the tests need. */
export function missingPrograms(): readonly string[] {
  const programs = [
    { command: 'spin', package: 'spin' },
    { command: 'faketime', package: 'faketime' },
    { command: 'gcc', package: 'gcc libc6-dev' },
    ...serverPrograms
  ]
  const hasChromium = process.env['CHROMIUM_PATH'] !== undefined || findChromium() !== undefined
  if (!hasChromium) programs.push({ command: 'chromium', package: 'chromium fonts-dejavu-core' })
  return ensurePrograms(programs).missing
}
