import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { StoreKind } from '../../store/kind.ts'

export interface SqliteAddress {
  readonly kind: 'sqlite'
  /** An absolute path. */
  readonly file: string
}

export const sqliteKind: StoreKind<SqliteAddress> = {
  schemes: ['sqlite'],
  examples: ['"sqlite:path"', '"sqlite:///absolute/path"'],
  reach: 'host',
  settings: ['sqlite'],
  clock: 'process',
  read: url => {
    const path = pathOf(url)
    return path === undefined ? undefined : { kind: 'sqlite', file: resolve(path) }
  },
  shown: ({ file }) => `sqlite:${file}`,
  location: ({ file }) => file,
  key: ({ file }) => file,
  lockPath: async ({ file }) => {
    const books = await realpath(file)
    return join(dirname(books), `${basename(books)}.lock`)
  },
  open: async ({ file }, { clock, synchronous, leaseTtlMs, onOlderNodes }) => {
    const { openSqliteStore } = await import('./store.ts')
    return openSqliteStore({ file, clock, synchronous, leaseTtlMs, onOlderNodes })
  },
  exists: ({ file }) => Promise.resolve(existsSync(file)),
  inspect: async ({ file }, clock) => {
    const { inspectSqliteFile } = await import('./open.ts')
    return inspectSqliteFile({ file, clock })
  },
  migrate: async ({ file }, { clock, leaseTtlMs, onOlderNodes }) => {
    const { migrateSqliteFile } = await import('./open.ts')
    return migrateSqliteFile({ file, clock, leaseTtlMs, onOlderNodes })
  }
}

/** A path is used as it is: nothing in it is decoded. */
function pathOf(url: string): string | undefined {
  const rest = url.slice('sqlite:'.length)
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  const isWrong = path === '' || path === '/' || path.startsWith('//') || path === ':memory:' || /[?#\0]/.test(path)
  return isWrong ? undefined : path
}
