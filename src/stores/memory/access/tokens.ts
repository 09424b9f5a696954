import { isTouchDue, type Token } from '../../../core/access/token.ts'
import type { NewToken } from '../../../store/access/tokens.ts'
import { tokenCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { MemoryBooks } from '../books.ts'
import { compareTexts } from '../sorted-list.ts'

/** False: its id is there. */
export function makeToken(books: MemoryBooks, token: NewToken, now: number): boolean {
  if (books.tokens.has(token.id)) return false
  books.tokens.set(token.id, { ...token, createdAt: now, revokedAt: undefined, lastUsedAt: undefined })
  return true
}

export function listTokens(books: MemoryBooks, { limit, cursor }: PageRequest): Page<Token> {
  const tokens = [...books.tokens.values()].sort((a, b) => compareTexts(b.id, a.id))
  const after = tokenCursor(cursor)
  const found = after === undefined ? tokens : tokens.filter(({ id }) => id < after)
  const items = found.slice(0, limit)
  return { items, cursor: found.length > limit ? items.at(-1)!.id : undefined }
}

export function revokeToken(books: MemoryBooks, id: string, now: number): 'revoked' | 'already' | 'unknown' {
  const token = books.tokens.get(id)
  if (token === undefined) return 'unknown'
  if (token.revokedAt !== undefined) return 'already'
  books.tokens.set(id, { ...token, revokedAt: now })
  return 'revoked'
}

export function touchToken(books: MemoryBooks, id: string, now: number): void {
  const token = books.tokens.get(id)
  if (token !== undefined && isTouchDue(token, now)) books.tokens.set(id, { ...token, lastUsedAt: now })
}
