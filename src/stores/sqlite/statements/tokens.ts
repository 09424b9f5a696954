import { TOUCH_EVERY_MS, type Token } from '../../../core/access/token.ts'
import type { NewToken } from '../../../store/access/tokens.ts'
import { tokenCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import { TOKEN_COLUMNS, tokenOf, type TokenRow } from '../../sql/access-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books } from '../books.ts'
import { orNull } from '../books.ts'

const MAKE = `
INSERT INTO escapement_token (id, name, secret_hash, role, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`
const FIRST = `SELECT ${TOKEN_COLUMNS} FROM escapement_token ORDER BY id DESC LIMIT ?`
const NEXT = `SELECT ${TOKEN_COLUMNS} FROM escapement_token WHERE id < ? ORDER BY id DESC LIMIT ?`
const READ = `SELECT ${TOKEN_COLUMNS} FROM escapement_token WHERE id = ?`
const REVOKE = 'UPDATE escapement_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL'
const TOUCH =
  'UPDATE escapement_token SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)'

/** False: its id is there. */
export function makeToken({ connection, now }: Books, token: NewToken): boolean {
  const { id, name, secretHash, role, createdBy, expiresAt } = token
  const { changes } = connection.prepare(MAKE).run(id, name, secretHash, role, now(), createdBy, orNull(expiresAt))
  return Number(changes) > 0
}

export function listTokens({ connection }: Books, { limit, cursor }: PageRequest): Page<Token> {
  const after = tokenCursor(cursor)
  const rows =
    after === undefined
      ? connection.prepare<TokenRow>(FIRST).all(limit + 1)
      : connection.prepare<TokenRow>(NEXT).all(after, limit + 1)
  return pageOf(rows.map(tokenOf), limit, ({ id }) => id)
}

export function readToken({ connection }: Books, id: string): Token | undefined {
  const row = connection.prepare<TokenRow>(READ).get(id)
  return row && tokenOf(row)
}

export function revokeToken(books: Books, id: string): 'revoked' | 'already' | 'unknown' {
  const { changes } = books.connection.prepare(REVOKE).run(books.now(), id)
  if (Number(changes) > 0) return 'revoked'
  return readToken(books, id) === undefined ? 'unknown' : 'already'
}

export function touchToken({ connection, now }: Books, id: string): void {
  const at = now()
  connection.prepare(TOUCH).run(at, id, at - TOUCH_EVERY_MS)
}
