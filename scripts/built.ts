// Knows whether dist is what src says, and builds it when it is not.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const sources = ['src', 'scripts/bundle.ts', 'package.json', 'tsconfig.json', 'tsconfig.build.json'].map(name =>
  join(root, name)
)

/**
 * Builds dist if it is absent or older than its sources. The build prints to standard error. Returns whether dist
 * stands.
 */
export function ensureBuilt(): boolean {
  if (newest(sources) <= newest([join(dist, 'index.js')])) return true
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], {
    cwd: root,
    stdio: ['ignore', 2, 2]
  })
  return status === 0
}

function newest(paths: readonly string[]): number {
  return Math.max(-Infinity, ...paths.flatMap(filesOf).map(file => statSync(file).mtimeMs))
}

function filesOf(path: string): string[] {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return []
  if (entry.isFile()) return [path]
  const inside = readdirSync(path, { recursive: true, withFileTypes: true })
  return inside.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
}
