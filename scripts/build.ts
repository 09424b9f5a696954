// Compiles src to dist, with its declarations, and brings along what the compiler leaves behind.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const bin = join(dist, 'cli', 'main.js')

function compile(): boolean {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', join(root, 'tsconfig.build.json')]
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error !== undefined) console.error(`build: the compiler did not run: ${error.message}`)
  return status === 0
}

// Migrations and the like are read at run time from beside the code that reads them.
function copyOtherFiles(): void {
  const isFolderOrOther = (path: string): boolean => statSync(path).isDirectory() || extname(path) !== '.ts'
  cpSync(join(root, 'src'), dist, { recursive: true, filter: isFolderOrOther })
}

function makeBinExecutable(): boolean {
  const firstLine = readFileSync(bin, 'utf8').split('\n', 1)[0]
  if (firstLine !== '#!/usr/bin/env node') {
    console.error(`build: dist/cli/main.js begins with ${JSON.stringify(firstLine)}, so no shell can run it`)
    return false
  }
  chmodSync(bin, 0o755)
  return true
}

rmSync(dist, { recursive: true, force: true })
if (!compile()) {
  console.error('build: failed, see the errors above')
  process.exit(1)
}
copyOtherFiles()
if (!makeBinExecutable()) process.exit(1)
console.error('build: dist is ready')
