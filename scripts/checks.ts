// What is checked without running the code: format, lint, types, and what nothing uses.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

interface Check {
  readonly name: string
  readonly program: readonly [file: string, ...args: string[]]
  /** What `npm run format` runs in its place, where the tool can fix what it finds. */
  readonly fix?: readonly string[]
}

const root = join(import.meta.dirname, '..')

const checks: readonly Check[] = [
  { name: 'format', program: ['oxfmt/bin/oxfmt', '--check'], fix: [] },
  { name: 'lint', program: ['oxlint/bin/oxlint', '--type-aware'], fix: ['--type-aware', '--fix'] },
  { name: 'types', program: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'unused', program: ['knip/bin/knip.js', '--treat-config-hints-as-errors'] }
]

export interface Verdict {
  readonly name: string
  readonly isClean: boolean
}

/**
 * Runs every check, also after one has failed. They speak on standard error; with `fix` they change files where they
 * can.
 */
export function runChecks({ fix = false } = {}): Verdict[] {
  return checks.map(check => ({ name: check.name, isClean: isClean(check, fix) }))
}

function isClean({ name, program, fix }: Check, isFixing: boolean): boolean {
  const [file, ...args] = program
  const chosen = isFixing && fix !== undefined ? fix : args
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules', file), ...chosen], {
    cwd: root,
    stdio: ['ignore', 2, 2]
  })
  const said = error === undefined ? (status === 0 ? 'clean' : 'NOT clean, see above') : `did not run: ${error.message}`
  console.error(`check: ${name} ${said}`)
  return status === 0
}
