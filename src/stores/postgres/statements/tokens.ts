import type { NewAuditEntry } from '../../../core/access/audit.ts'
import { TOUCH_EVERY_MS, type Token } from '../../../core/access/token.ts'
import type { NewToken } from '../../../store/access/tokens.ts'
import { tokenCursor } from '../../../store/pages/cursors.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import { TOKEN_COLUMNS, tokenOf, type TokenRow } from '../../sql/access-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books, Statement } from '../sql.ts'
import { auditCells, auditPart } from './audit.ts'

const MAKE: Statement = {
  text: `
WITH made AS (
  INSERT INTO {books}.token (id, name, secret_hash, role, created_at, created_by, expires_at)
  VALUES ($1, $2, $3, $4, coalesce($7::bigint, {books}.now_ms()), $5, $6) ON CONFLICT (id) DO NOTHING RETURNING id),${auditPart(
    {
      entries: '$8',
      at: '$7',
      where: 'WHERE EXISTS (SELECT FROM made)'
    }
  )}
SELECT id FROM made`
}
const LIST: Statement = {
  text: `SELECT ${TOKEN_COLUMNS} FROM {books}.token WHERE $1::text IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`
}
const READ: Statement = { text: `SELECT ${TOKEN_COLUMNS} FROM {books}.token WHERE id = $1` }
const REVOKE: Statement = {
  text: `
WITH revoked AS (
  UPDATE {books}.token SET revoked_at = coalesce($2::bigint, {books}.now_ms()) WHERE id = $1 AND revoked_at IS NULL RETURNING id),${auditPart(
    { entries: '$3', at: '$2', where: 'WHERE EXISTS (SELECT FROM revoked)' }
  )}
SELECT id FROM revoked`
}
const TOUCH: Statement = {
  text: `
WITH clock AS MATERIALIZED (SELECT coalesce($2::bigint, {books}.now_ms()) AS now)
UPDATE {books}.token SET last_used_at = clock.now FROM clock
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= clock.now - ${TOUCH_EVERY_MS})`
}

export async function makeToken({ database, now }: Books, token: NewToken, audit?: NewAuditEntry): Promise<void> {
  const { id, name, secretHash, role, createdBy, expiresAt = null } = token
  await database.query(MAKE, [id, name, secretHash, role, createdBy, expiresAt, now(), auditCells([audit])])
}

export async function listTokens({ database }: Books, { limit, cursor }: PageRequest): Promise<Page<Token>> {
  const rows = await database.query<TokenRow>(LIST, [tokenCursor(cursor) ?? null, limit + 1])
  return pageOf(rows.map(tokenOf), limit, ({ id }) => id)
}

export async function readToken({ database }: Books, id: string): Promise<Token | undefined> {
  const [row] = await database.query<TokenRow>(READ, [id])
  return row && tokenOf(row)
}

export async function revokeToken(
  books: Books,
  id: string,
  audit?: NewAuditEntry
): Promise<'revoked' | 'already' | 'unknown'> {
  const { database, now } = books
  if ((await database.query(REVOKE, [id, now(), auditCells([audit])])).length > 0) return 'revoked'
  return (await readToken(books, id)) === undefined ? 'unknown' : 'already'
}

export async function touchToken({ database, now }: Books, id: string): Promise<void> {
  await database.query(TOUCH, [id, now()])
}
