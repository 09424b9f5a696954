import { createHash } from 'node:crypto'

/** Of a session that began with the configured token, which the books do not have. */
const CONFIGURED_MARK = '.'

/** What a cookie holds. */
export interface SessionCookie {
  /** 256 random bits in base64url. */
  readonly id: string
  readonly isOfConfigured: boolean
}

/**
 * Cookies do not tell ports apart: two apps of one host would overwrite each other's. Processes on the same books share
 * their sessions.
 */
const nameFor = (booksId: string): string => `esc_${createHash('sha256').update(booksId).digest('hex').slice(0, 16)}`

/** The session that the cookies of a request name. Undefined: none. */
export function sessionCookieIn(headers: Headers, booksId: string): SessionCookie | undefined {
  const name = nameFor(booksId)
  for (const cookie of (headers.get('cookie') ?? '').split(';')) {
    const [, found, mark, id] = /^\s*(esc_[\da-f]{16})=(\.?)([\w-]{43})\s*$/.exec(cookie) ?? []
    if (found === name && id !== undefined) return { id, isOfConfigured: mark === CONFIGURED_MARK }
  }
  return undefined
}

/** Whether the cookies of a request may name a session of any books, so that these have to be asked. */
export const mayHaveSession = (headers: Headers): boolean => headers.get('cookie')?.includes('esc_') ?? false

interface CookieOptions {
  readonly booksId: string
  /** Sent by HTTPS only. */
  readonly isSecure: boolean
}

/**
 * Without a `Path` browsers keep it for the directory of the API, below any prefix of a proxy. It ends with the browser,
 * and the session on its own.
 */
export const cookieOf = ({ id, isOfConfigured }: SessionCookie, { booksId, isSecure }: CookieOptions): string =>
  `${nameFor(booksId)}=${isOfConfigured ? CONFIGURED_MARK : ''}${id}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`

export const noCookie = (booksId: string): string => `${nameFor(booksId)}=; HttpOnly; SameSite=Strict; Max-Age=0`
