// Makes dist of src: JavaScript in few files, and the declarations that the faces need.
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, faces } from './bundle.ts'
import { writeCommonJs } from './commonjs-faces.ts'
import { removeUnread } from './public-declarations.ts'

const root = join(import.meta.dirname, '..')
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const FIRST_LINE = '#!/usr/bin/env node'

/** @throws Error when the sources don't compile; the compiler has said why, on standard error. */
export async function makeDist(dist: string): Promise<void> {
  declare(dist)
  await bundle(join(root, 'src'), dist)
  for (const face of faces) writeCommonJs(dist, face)
  removeUnread(dist, faces)
  makeExecutable(join(dist, 'cli', 'main.js'))
}

function declare(dist: string): void {
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', dist]
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error !== undefined) throw new Error(`the compiler did not run: ${error.message}`)
  if (status !== 0) throw new Error('the sources do not compile, see the errors above')
}

function makeExecutable(bin: string): void {
  const firstLine = readFileSync(bin, 'utf8').split('\n', 1)[0]
  if (firstLine !== FIRST_LINE)
    throw new Error(`dist/cli/main.js begins with ${JSON.stringify(firstLine)}, so no shell can run it`)
  chmodSync(bin, 0o755)
}
