import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { describe } from '../core/names.ts'
import { mayHoldSecret, POSTGRES_URL, urlProblem } from '../core/url-problem.ts'
import { invalidSetting } from './kinds/invalid.ts'
import type { DatabaseAddress, PostgresAddress } from './settings.ts'

const POSTGRES = POSTGRES_URL.example
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
export function parseDatabase(given: string, setting: string): WrittenAddress {
  const url = given.trim()
  const name = scheme.exec(url)?.[1]?.toLowerCase()
  if (name === 'memory') {
    if (/^memory:(\/\/)?$/i.test(url)) return { kind: 'memory' }
    throw invalidSetting(setting, url, TAKES)
  }
  if (name === 'sqlite') return { kind: 'sqlite', file: resolve(sqlitePath(url, setting)) }
  if (name === 'postgres' || name === 'postgresql') {
    assertPostgresUrl(url, setting)
    return { kind: 'postgres', url }
  }
  throw otherDatabase(url, name, setting)
}

/** No error repeats what may be a part of a password; a scheme before "//" is none. */
function otherDatabase(url: string, name: string | undefined, setting: string): EscapementError {
  const file = /^(?:file|sqlite3|sqlite\+\w+|libsql):(?:\/\/(?=\/))?(.*)$/i.exec(url)?.[1]
  if (file !== undefined && !mayHoldSecret(file))
    return invalidSetting(setting, url, TAKES, `Write ${describe(`sqlite:${file}`)}.`)
  const isOtherPostgres =
    /^(jdbc:)?(postgres|postgresql|postgis|pg)\b/i.test(url) || /^["'`]/.test(url) || /^\w+\s*=/.test(url)
  if (isOtherPostgres)
    return new EscapementError(
      'config-invalid',
      `${setting} is no address of the books. ${urlProblem(url, POSTGRES_URL)}.`
    )
  if (name === undefined && !mayHoldSecret(url))
    return invalidSetting(setting, url, TAKES, `Write ${describe(`sqlite:${url}`)} for that file.`)
  if (name === undefined || !/^[a-z][a-z\d+.-]*:\/\//i.test(url))
    return new EscapementError('config-invalid', `${setting} is no address of the books; it takes ${TAKES}.`)
  const meanwhile =
    setting === 'DATABASE_URL' ? ' Set ESCAPEMENT_DATABASE_URL when DATABASE_URL is for something else.' : ''
  return new EscapementError(
    'config-invalid',
    `${setting} has the scheme "${name}:", which this release does not support; it takes ${TAKES}.${meanwhile}`
  )
}

/** @throws EscapementError `config-invalid`, which does not repeat the URL. */
export function assertPostgresUrl(url: string, setting: string): void {
  const problem = urlProblem(url, POSTGRES_URL)
  if (problem === undefined) return
  throw new EscapementError(
    'config-invalid',
    `${setting} is no address of a PostgreSQL database; it takes ${POSTGRES}, with %-codes for special characters in the password. ${problem}.`
  )
}

/** An address as it may be shown: without passwords, and without parameters, which may be some. */
export function shownAddress(address: DatabaseAddress): string {
  if (address.kind === 'memory') return 'memory:'
  if (address.kind === 'sqlite') return `sqlite:${address.file}`
  const { username, host, pathname } = new URL(address.url)
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/** How many connections one process opens at most, to compare with `max_connections`: its pool, and one that listens. */
export const mostConnections = (database: DatabaseAddress): number | undefined =>
  database.kind === 'postgres' ? database.poolSize + 1 : undefined

function sqlitePath(url: string, setting: string): string {
  const rest = url.slice('sqlite:'.length)
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  const isWrong = path === '' || path === '/' || path.startsWith('//') || path === ':memory:' || /[?#\0]/.test(path)
  if (isWrong) throw invalidSetting(setting, url, TAKES)
  return path
}
