import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Source } from './sources.ts'

const rooted = /`((?:src|tests|model|mutations|docs|scripts|examples|bench)\/[\w./-]+)`/g
const linked = /\]\((?!https?:|#)([^)\s]+)\)/g

/** Paths that a document names, in code marks from the root or in links from its own folder, and that are not there. */
export function missingPaths(
  { path, text }: Source,
  exists = (file: string): boolean => existsSync(join(root, file))
): string[] {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  const named = [...text.matchAll(rooted)].map(match => match[1] ?? '')
  const links = [...text.matchAll(linked)].map(match => folder + (match[1] ?? '').replace(/#.*/, ''))
  return [...named, ...links].filter(file => !exists(file)).map(file => `${path}: ${file}`)
}
