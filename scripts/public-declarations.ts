import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A relative specifier: after `from`, in `import('…')`, or of an import for its effects. */
const specifier = /\b(?:from |import ?\(?)['"](\.[^'"]+)['"]/g

/** Removes the declarations that no face leads to: they would double the number of files of the package. */
export function removeUnread(dist: string, faces: readonly string[]): void {
  const read = new Set<string>()
  const follow = (path: string): void => {
    if (read.has(path)) return
    read.add(path)
    for (const [, target = ''] of readFileSync(path, 'utf8').matchAll(specifier))
      follow(join(dirname(path), target.replace(/\.[jt]s$/, '.d.ts')))
  }
  for (const face of faces) follow(join(dist, `${face}.d.ts`))
  const entries = readdirSync(dist, { recursive: true, withFileTypes: true })
  for (const path of entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)))
    if (path.endsWith('.d.ts') && !read.has(path)) rmSync(path)
  for (const folder of entries.filter(entry => entry.isDirectory()).map(entry => join(entry.parentPath, entry.name)))
    removeIfEmpty(folder)
}

/** It may have gone with the folder around it. */
function removeIfEmpty(folder: string): void {
  if (!existsSync(folder)) return
  const inside = readdirSync(folder, { recursive: true, withFileTypes: true })
  if (!inside.some(entry => entry.isFile())) rmSync(folder, { recursive: true })
}
