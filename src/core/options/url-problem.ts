/** The form of an address. */
export interface UrlForm {
  /** Without "://". */
  readonly schemes: readonly string[]
  /** A complete address, for people. */
  readonly example: string
  /** What the address leads to. */
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
 * What is wrong with the address of a server, or undefined. The sentence never repeats any part of the address, which
 * may be part of a password.
 */
export function urlProblem(text: string, { schemes, example, what }: UrlForm): string | undefined {
  if (/^["'`\u2018-\u201d]/.test(text)) return 'It has quotes around it: write it without them'
  if (/^\w+\s*=\s*\S/.test(text) && !text.includes('://')) return `It is of the form "key=value"; write ${example}`
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  const driver = /^jdbc:(\w+):|^(\w+)\+\w+:/i.exec(text)
  const behind = (driver?.[1] ?? driver?.[2])?.toLowerCase()
  if (behind !== undefined && schemes.includes(behind))
    return `"${driver![1] === undefined ? scheme : 'jdbc'}:" is another language's name for a driver: write ${schemes[0]}://…`
  if (scheme === undefined || !schemes.includes(scheme)) return `It is not the address of ${what}; it takes ${example}`
  return authorityProblem(text, { schemes, example, what })
}

function authorityProblem(text: string, { example, what }: UrlForm): string | undefined {
  const [, authority = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? []
  if (authority === '' && rest === '') return `It is not the address of ${what}; it takes ${example}`
  // A character that ends the authority too early leaves the "@" before the host in the rest.
  if (hasLateAt(rest)) return `A character in its user or password ends it too early. ${escape}`
  const hosts = authority.slice(authority.lastIndexOf('@') + 1)
  if (hosts.includes(','))
    return 'It names several hosts, but takes one: an address that leads to the primary, such as that of a proxy, a virtual address or a DNS name that follows it'
  if (!URL.canParse(text)) return `It cannot be read. ${escape}`
  return undefined
}

/** An "@" belongs before the host. After it, an "@" is allowed only in the value of a parameter. */
function hasLateAt(rest: string): boolean {
  const [beforeQuery = '', query = ''] = rest.split(/\?(.*)/s)
  if (beforeQuery.includes('@') || /#.*@/s.test(rest)) return true
  return query.split('&').some(part => part.includes('@') && !/^[a-z_]+=/i.test(part))
}

/** Whether an address, which may be malformed, could contain a secret. */
export const mayHoldSecret = (text: string): boolean => /[@=;]|:\/\/|:.*:/.test(text)
