import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { everyFile, root, type Source } from '../tests/tidy/sources.ts'
import type { Guard } from './guard.ts'

const lists = join(import.meta.dirname, 'guards')

/**
 * Files that guards name and that have moved: from the old path to the new. What could be in several places is left
 * out.
 */
export function movedFiles(guards: readonly Guard[], files: readonly Source[] = everyFile()): Map<string, string> {
  const moved = new Map<string, string>()
  const note = (path: string, isIt: (source: Source) => boolean): void => {
    if (moved.has(path) || existsSync(join(root, path))) return
    const [found, ...others] = files.filter(isIt)
    if (found !== undefined && others.length === 0) moved.set(path, found.path)
  }
  for (const { file, text, tests } of guards) {
    note(file, source => source.path.startsWith('src/') && source.text.includes(text))
    for (const [path, title] of tests) {
      const named = files.filter(source => basename(source.path) === basename(path))
      note(path, source => named.includes(source) && source.path.startsWith(roomOfTest(path)))
      note(path, source => named.includes(source) && title !== undefined && source.text.includes(title))
      note(path, source => named.includes(source))
    }
  }
  return moved
}

/** A room is split into folders more often than a test changes its room. */
const roomOfTest = (path: string): string => `${path.split('/').slice(0, 2).join('/')}/`

/** Writes the new paths into the lists. Reworded texts are for a person. */
export function follow(moved: ReadonlyMap<string, string>): void {
  for (const name of readdirSync(lists)) {
    const before = readFileSync(join(lists, name), 'utf8')
    let after = before
    for (const [from, to] of moved) after = after.replaceAll(`'${from}'`, `'${to}'`)
    if (after !== before) writeFileSync(join(lists, name), after)
  }
}
