/** What an address takes. */
export interface UrlForm {
  /** Without "://". */
  readonly schemes: readonly string[]
  /** Of a whole one, for people. */
  readonly example: string
  /** What it is an address of. */
  readonly what: string
}

export const POSTGRES_URL: UrlForm = {
  schemes: ['postgres', 'postgresql'],
  example: '"postgres://user:password@host:port/database"',
  what: 'a PostgreSQL database'
}

export const REDIS_URL: UrlForm = {
  schemes: ['redis', 'rediss'],
  example: '"redis://user:password@host:port"',
  what: 'a Redis server'
}

const escape = 'In a user or password @ : / ? # and % take %-codes, as encodeURIComponent() makes them'

/**
 * What is wrong with the address of a server: a sentence that never repeats any part of it, since each may be a part of a
 * password. Undefined: nothing.
 */
export function urlProblem(text: string, { schemes, example, what }: UrlForm): string | undefined {
  if (/^["'`\u2018-\u201d]/.test(text)) return 'It has quotes around it: write it without them'
  if (/^\w+\s*=\s*\S/.test(text) && !text.includes('://')) return `It is of the form "key=value"; write ${example}`
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  const driver = /^jdbc:(\w+):|^(\w+)\+\w+:/i.exec(text)
  const behind = (driver?.[1] ?? driver?.[2])?.toLowerCase()
  if (behind !== undefined && schemes.includes(behind))
    return `"${driver![1] === undefined ? scheme : 'jdbc'}:" is another language's name for a driver: write ${schemes[0]}://…`
  if (scheme === undefined || !schemes.includes(scheme)) return `It is no address of ${what}; it takes ${example}`
  return authorityProblem(text, { schemes, example, what })
}

function authorityProblem(text: string, { example, what }: UrlForm): string | undefined {
  const [, authority = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? []
  if (authority === '' && rest === '') return `It is no address of ${what}; it takes ${example}`
  // What ends the authority too early leaves the "@" before the host in the rest.
  if (hasLateAt(rest)) return `A character in its user or password ends it too early. ${escape}`
  const hosts = authority.slice(authority.lastIndexOf('@') + 1)
  if (hosts.includes(','))
    return 'It names several hosts, and one is what a connection is made to here: name an address that leads to the primary, such as that of a proxy, a virtual address or a DNS name that follows it'
  if (!URL.canParse(text)) return `It cannot be read. ${escape}`
  return undefined
}

/** An "@" belongs before the host; behind it one may stand only in the value of a parameter. */
function hasLateAt(rest: string): boolean {
  const [beforeQuery = '', query = ''] = rest.split(/\?(.*)/s)
  if (beforeQuery.includes('@') || /#.*@/s.test(rest)) return true
  return query.split('&').some(part => part.includes('@') && !/^[a-z_]+=/i.test(part))
}

/** Of an address that may be wrong: whether it could hold something that must not be shown. */
export const mayHoldSecret = (text: string): boolean => /[@=;]|:\/\/|:.*:/.test(text)
