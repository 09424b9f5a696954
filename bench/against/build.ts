import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** The folder of a commit, built with its own dependencies. It stays in `.toolchain` for the next run. */
export function buildOf(commit: string): string {
  const sha = said(root, 'git', 'rev-parse', '--verify', `${commit}^{commit}`).trim()
  const folder = join(root, '.toolchain', 'against', sha)
  if (existsSync(join(folder, 'dist', 'index.js'))) return folder
  rmSync(folder, { recursive: true, force: true })
  said(root, 'git', 'clone', '--quiet', '--shared', '--no-checkout', root, folder)
  said(folder, 'git', 'checkout', '--quiet', '--detach', sha)
  said(folder, 'npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error')
  said(folder, process.execPath, 'scripts/build.ts')
  return folder
}

function said(cwd: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, error } = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`"${command} ${args.join(' ')}" ended with ${status}`)
  return stdout
}
