// `npm run check`: format, lint, types, unused code, and the tidy test. `npm run format` is the same with --fix.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runChecks } from './checks.ts'

const root = join(import.meta.dirname, '..')
const isTidy = (): boolean => {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'tests/tidy.test.ts'], { cwd: root, stdio: 'inherit' })
  return status === 0
}

const verdicts = runChecks({ fix: process.argv.includes('--fix') })
verdicts.push({ name: 'tidy', isClean: isTidy() })
const failed = verdicts.filter(({ isClean }) => !isClean).map(({ name }) => name)
if (failed.length > 0) console.error(`check: not clean: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
