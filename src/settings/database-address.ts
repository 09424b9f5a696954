import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { invalidSetting } from './invalid.ts'
import type { DatabaseAddress, PostgresAddress } from './settings.ts'

const POSTGRES = '"postgres://user:password@host:port/database"'
const TAKES = `"sqlite:path", "sqlite:///absolute/path", ${POSTGRES} or "memory:"`
const scheme = /^([a-z][a-z\d+.-]+):/i

type WrittenAddress = Exclude<DatabaseAddress, PostgresAddress> | Pick<PostgresAddress, 'kind' | 'url'>

/**
 * Reads `sqlite:path` (a relative path starts at the working directory), `sqlite:///absolute/path`, `postgres://…` (or
 * `postgresql://…`) or `memory:`. A path is taken as it stands: nothing in it is decoded. `setting` is what an error
 * speaks of; an error never repeats a URL of another scheme than SQLite's, which may hold a password.
 *
 * @throws EscapementError `config-invalid`
 */
export function parseDatabase(url: string, setting: string): WrittenAddress {
  const name = scheme.exec(url)?.[1]?.toLowerCase()
  if (name === undefined) throw invalidSetting(setting, url, TAKES)
  if (name === 'memory') {
    if (/^memory:(\/\/)?$/i.test(url)) return { kind: 'memory' }
    throw invalidSetting(setting, url, TAKES)
  }
  if (name === 'sqlite') return { kind: 'sqlite', file: resolve(sqlitePath(url, setting)) }
  if (name === 'postgres' || name === 'postgresql') {
    assertPostgresUrl(url, setting)
    return { kind: 'postgres', url }
  }
  const meanwhile =
    setting === 'DATABASE_URL' ? ' Set ESCAPEMENT_DATABASE_URL when DATABASE_URL is for something else.' : ''
  throw new EscapementError(
    'config-invalid',
    `${setting} has the scheme "${name}:", which this release does not support; it takes ${TAKES}.${meanwhile}`
  )
}

/** @throws EscapementError `config-invalid`, which does not repeat the URL. */
export function assertPostgresUrl(url: string, setting: string): void {
  if (/^postgres(ql)?:\/\/./i.test(url) && URL.canParse(url)) return
  throw new EscapementError(
    'config-invalid',
    `${setting} is no address of a PostgreSQL database; it takes ${POSTGRES}, with %-codes for special characters in the password.`
  )
}

/** An address as it may be shown: without passwords, and without parameters, which may be some. */
export function shownAddress(address: DatabaseAddress): string {
  if (address.kind === 'memory') return 'memory:'
  if (address.kind === 'sqlite') return `sqlite:${address.file}`
  const { username, host, pathname } = new URL(address.url)
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/** Connections that one process opens at the most, to be reckoned with `max_connections`: its pool, and one that listens. */
export const mostConnections = (database: DatabaseAddress): number | undefined =>
  database.kind === 'postgres' ? database.poolSize + 1 : undefined

function sqlitePath(url: string, setting: string): string {
  const rest = url.slice('sqlite:'.length)
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  const isWrong = path === '' || path === '/' || path.startsWith('//') || path === ':memory:' || /[?#\0]/.test(path)
  if (isWrong) throw invalidSetting(setting, url, TAKES)
  return path
}
