// Programs of PostgreSQL in the version asked for, from the npm registry: a machine's own packages have one version, if
// any.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { releaseOf } from '../tests/services/postgres-releases.ts'

const FLAGS = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn']

/**
 * Fetches a major version into `.toolchain`, unless it is there. Returns whether it is; errors go to standard error.
 */
export function ensurePostgres(major: string): boolean {
  const release = releaseOf(major)
  if (release === undefined) return false
  if (existsSync(join(release.bin, 'postgres'))) return true
  console.error(`postgres: fetching ${release.package} into .toolchain`)
  mkdirSync(release.folder, { recursive: true })
  writeFileSync(join(release.folder, 'package.json'), '{"private":true}\n')
  return run('npm', ['install', ...FLAGS, release.package], release.folder) && hydrate(release.root)
}

// A package of npm's holds no symbolic links: this one's own script makes them.
const hydrate = (root: string): boolean => run(process.execPath, ['scripts/hydrate-symlinks.js'], root)

function run(command: string, args: readonly string[], cwd: string): boolean {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] })
  if (status === 0) return true
  console.error(`postgres: "${command} ${args.join(' ')}" failed (${error?.message ?? `exit ${status}`})`)
  return false
}
