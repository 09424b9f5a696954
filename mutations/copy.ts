import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { replaceOnce } from '../scripts/replace-once.ts'
import { root } from '../tests/tidy/sources.ts'
import type { Guard } from './guard.ts'

/** Not ours, or made from ours. */
const leftOut = new Set(['.git', 'dist', 'coverage', 'var'])
/** Large, and the same for every copy. */
const shared = new Set(['node_modules', '.toolchain'])

/** A copy of the checkout in a temporary folder: only there is anything ever changed. */
export function copyOfCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-mutations-'))
  for (const name of readdirSync(root)) {
    if (shared.has(name)) symlinkSync(join(root, name), join(folder, name))
    else if (!leftOut.has(name)) cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  return folder
}

/** Takes a guard out of the copy. Returns what puts it back. */
export function takeOut(folder: string, { file, text, put }: Guard): () => void {
  const path = join(folder, file)
  const before = readFileSync(path, 'utf8')
  writeFileSync(path, replaceOnce(before, text, put))
  return () => writeFileSync(path, before)
}
