import type { Session } from '../../../core/access/session.ts'
import { stateOfToken } from '../../../core/access/token.ts'
import type { NewSession } from '../../../store/access/sessions.ts'
import type { MemoryBooks } from '../books.ts'

/** `known`: it is there. */
export function makeSession(
  books: MemoryBooks,
  { lifeMs, ...session }: NewSession,
  now: number
): 'made' | 'known' | 'refused' {
  const token = session.tokenId === undefined ? undefined : books.tokens.get(session.tokenId)
  const isGood = session.tokenId === undefined || (token !== undefined && stateOfToken(token, now) === 'valid')
  if (!isGood) return 'refused'
  if (books.sessions.has(session.idHash)) return 'known'
  books.sessions.set(session.idHash, { ...session, createdAt: now, expiresAt: now + lifeMs, revokedAt: undefined })
  return 'made'
}

export function readSession(books: MemoryBooks, idHash: string): Session | undefined {
  const session = books.sessions.get(idHash)
  const token = session?.tokenId === undefined ? undefined : books.tokens.get(session.tokenId)
  if (session === undefined || token === undefined) return session
  const revokedAt = earliest(session.revokedAt, token.revokedAt)
  return { ...session, revokedAt, expiresAt: Math.min(session.expiresAt, token.expiresAt ?? Infinity) }
}

const earliest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)

/** False: there is none, or it was revoked before. */
export function revokeSession(books: MemoryBooks, idHash: string, now: number): boolean {
  const session = books.sessions.get(idHash)
  if (session === undefined || session.revokedAt !== undefined) return false
  books.sessions.set(idHash, { ...session, revokedAt: now })
  return true
}

export function pruneSessions(books: MemoryBooks, now: number, limit: number): number {
  const expired = [...books.sessions.values()].filter(({ expiresAt }) => expiresAt <= now).slice(0, limit)
  for (const { idHash } of expired) books.sessions.delete(idHash)
  return expired.length
}
