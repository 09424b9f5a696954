import { resolve } from 'node:path'
import { EscapementError } from '../core/errors.ts'
import { invalidSetting } from './invalid.ts'
import type { DatabaseAddress } from './settings.ts'

const TAKES = '"sqlite:path", "sqlite:///absolute/path" or "memory:"'
const scheme = /^([a-z][a-z\d+.-]+):/i

/**
 * Reads `sqlite:path` (a relative path starts at the working directory), `sqlite:///absolute/path` or `memory:`.
 * The path is taken as it stands: nothing in it is decoded. `setting` is what an error speaks of; an error never
 * repeats a URL of another scheme, which may hold a password.
 *
 * @throws EscapementError `config-invalid`
 */
export function parseDatabase(url: string, setting: string): DatabaseAddress {
  const name = scheme.exec(url)?.[1]?.toLowerCase()
  if (name === undefined) throw invalidSetting(setting, url, TAKES)
  if (name === 'memory') {
    if (/^memory:(\/\/)?$/i.test(url)) return { kind: 'memory' }
    throw invalidSetting(setting, url, TAKES)
  }
  if (name === 'sqlite') return { kind: 'sqlite', file: resolve(sqlitePath(url, setting)) }
  const meanwhile =
    setting === 'DATABASE_URL' ? ' Set ESCAPEMENT_DATABASE_URL when DATABASE_URL is for something else.' : ''
  throw new EscapementError(
    'config-invalid',
    `${setting} has the scheme "${name}:", which this release does not support; it takes ${TAKES}.${meanwhile}`
  )
}

function sqlitePath(url: string, setting: string): string {
  const rest = url.slice('sqlite:'.length)
  const path = rest.startsWith('///') ? rest.slice(2) : rest
  const isWrong = path === '' || path === '/' || path.startsWith('//') || path === ':memory:' || /[?#\0]/.test(path)
  if (isWrong) throw invalidSetting(setting, url, TAKES)
  return path
}
