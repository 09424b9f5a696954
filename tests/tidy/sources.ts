import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
}

export const root = join(import.meta.dirname, '../..')

const foreign = new Set(['.git', '.toolchain', 'node_modules', 'dist', 'coverage', 'var'])
const binary = /\.(db|db-wal|db-shm|bmp|png|env)$/

/** Every text file of the project, as it lies here. Not asked of git, so that an unpacked archive can be tested too. */
export function everyFile(folder = root): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (foreign.has(entry.name) || binary.test(entry.name)) return []
    if (entry.isDirectory()) return everyFile(path)
    return entry.isFile() ? [read(path)] : []
  })
}

function read(path: string): Source {
  return { path: relative(root, path).replaceAll(sep, '/'), text: readFileSync(path, 'utf8') }
}

export const isCode = ({ path }: Source): boolean => /\.(ts|mjs|js)$/.test(path)

export const isUnder = ({ path }: Source, ...folders: readonly string[]): boolean =>
  folders.some(folder => path.startsWith(`${folder}/`))
