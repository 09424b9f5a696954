import { EscapementError } from '../core/errors.ts'
import { describe } from '../core/options/names.ts'
import { mayHoldSecret, POSTGRES_URL, urlProblem } from '../core/options/url-problem.ts'
import type { AddressContext } from '../store/kind.ts'
import { type DatabaseAddress, kindOf, kindOfScheme, storeKinds } from '../stores/store-kinds.ts'
import { invalidSetting } from './kinds/invalid.ts'

const examples = Object.values(storeKinds).flatMap(kind => kind.examples)
const TAKES = `${examples.slice(0, -1).join(', ')} or ${examples.at(-1)}`
const scheme = /^([a-z][a-z\d+.-]+):/i

/**
 * Reads `sqlite:path` (a relative path starts at the working directory), `sqlite:///absolute/path`, `postgres://…` (or
 * `postgresql://…`) or `memory:`. A path is used as it is: nothing in it is decoded. An error repeats the URL only if
 * it is SQLite's: others may hold a password.
 *
 * @throws EscapementError `config-invalid`
 */
export function parseDatabase(given: string, context: AddressContext): DatabaseAddress {
  const url = given.trim()
  const { setting } = context
  const name = scheme.exec(url)?.[1]?.toLowerCase()
  const kind = kindOfScheme(name)
  if (kind === undefined) throw otherDatabase(url, name, setting)
  const address = kind.read(url, context)
  if (address === undefined) throw invalidSetting(setting, url, TAKES)
  return address
}

/** Errors never repeat what may be part of a password. A scheme before "//" can't be. */
function otherDatabase(url: string, name: string | undefined, setting: string): EscapementError {
  const file = /^(?:file|sqlite3|sqlite\+\w+|libsql):(?:\/\/(?=\/))?(.*)$/i.exec(url)?.[1]
  if (file !== undefined && !mayHoldSecret(file))
    return invalidSetting(setting, url, TAKES, `Write ${describe(`sqlite:${file}`)}.`)
  const isOtherPostgres =
    /^(jdbc:)?(postgres|postgresql|postgis|pg)\b/i.test(url) || /^["'`]/.test(url) || /^\w+\s*=/.test(url)
  if (isOtherPostgres)
    return new EscapementError(
      'config-invalid',
      `${setting} is not an address of the books. ${urlProblem(url, POSTGRES_URL)}.`
    )
  if (name === undefined && !mayHoldSecret(url))
    return invalidSetting(setting, url, TAKES, `Write ${describe(`sqlite:${url}`)} for that file.`)
  if (name === undefined || !/^[a-z][a-z\d+.-]*:\/\//i.test(url))
    return new EscapementError('config-invalid', `${setting} is not an address of the books; it takes ${TAKES}.`)
  const meanwhile =
    setting === 'DATABASE_URL' ? ' Set ESCAPEMENT_DATABASE_URL when DATABASE_URL is for something else.' : ''
  return new EscapementError(
    'config-invalid',
    `${setting} has the scheme "${name}:", which this release does not support; it takes ${TAKES}.${meanwhile}`
  )
}

/** An address without passwords, to be shown. Parameters are left out too, since they may hold some. */
export const shownAddress = (address: DatabaseAddress): string => kindOf(address).shown(address)

/** The most connections that one process opens, to compare with `max_connections`; undefined: it opens none. */
export const mostConnections = (address: DatabaseAddress): number | undefined => kindOf(address).connections?.(address)
