import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { basename, join } from 'node:path'

const CODE = /\.[mc]?[jt]sx?$|^\.env$/
/** Changes with no longer pause between them are one change. */
const QUIET_MS = 100
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage'])

/** The next change of code, or of `.env`, below a folder. */
export interface NextChange {
  /** The file that changed. */
  readonly file: Promise<string>
  end(): void
}

export function nextChange(root: string): NextChange {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { file: promise, end: watchFolder(root, resolve) }
}

/**
 * Calls back when code or `.env` below a folder has changed. Returns a function that ends the watching. Skips
 * `node_modules`, `dist`, `coverage` and names that begin with a dot, since each watched folder costs system resources.
 */
function watchFolder(root: string, onChange: (file: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const changed = (file: string): void => {
    clearTimeout(timer)
    timer = setTimeout(() => onChange(file), QUIET_MS)
  }
  const add = (folder: string): void => {
    if (watchers.has(folder)) return
    const watcher = watch(folder, (_, name) => (name === null ? undefined : seen(join(folder, name))))
    watcher.on('error', () => forget(folder))
    watchers.set(folder, watcher)
    for (const inner of foldersIn(folder)) add(inner)
  }
  const forget = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const seen = (path: string): void => {
    if (CODE.test(basename(path))) changed(path)
    else if (isWatched(basename(path)) && isFolder(path)) add(path)
    else if (watchers.has(path) && !isFolder(path)) forget(path)
  }
  add(root)
  return () => {
    clearTimeout(timer)
    for (const folder of watchers.keys()) forget(folder)
  }
}

const isWatched = (name: string): boolean => !name.startsWith('.') && !NOT_OURS.has(name)

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter(each => each.isDirectory() && isWatched(each.name)).map(each => join(folder, each.name))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
