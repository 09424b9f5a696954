import type { NewAuditEntry } from '../../../core/access/audit.ts'
import type { Session } from '../../../core/access/session.ts'
import type { NewSession } from '../../../store/access/sessions.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from '../../sql/access-rows.ts'
import type { Books, Statement } from '../sql.ts'
import { auditCells, auditPart } from './audit.ts'

const MAKE: Statement = {
  text: `
WITH clock AS MATERIALIZED (SELECT coalesce($7::bigint, {books}.now_ms()) AS now),
good AS (
  SELECT now FROM clock WHERE $2::text IS NULL OR EXISTS (
    SELECT FROM {books}.token WHERE id = $2 AND revoked_at IS NULL AND coalesce(expires_at > now, true))),
made AS (
  INSERT INTO {books}.session (${SESSION_COLUMNS}) SELECT $1, $2, $3, $4, $5, now, now + $6, NULL FROM good
  ON CONFLICT (id_hash) DO NOTHING RETURNING id_hash),${auditPart({
    entries: '$8',
    at: '$7',
    where: 'WHERE EXISTS (SELECT FROM made)'
  })}
SELECT now FROM good`
}
// It ends with its token, whichever is revoked or expires first. least() leaves out what is null.
const READ: Statement = {
  text: `
SELECT id_hash, token_id, actor, session.role, csrf_hash, session.created_at, least(session.expires_at, token.expires_at),
  least(session.revoked_at, token.revoked_at)
FROM {books}.session LEFT JOIN {books}.token ON token.id = session.token_id WHERE id_hash = $1`
}
const REVOKE: Statement = {
  text: `
WITH revoked AS (
  UPDATE {books}.session SET revoked_at = coalesce($2::bigint, {books}.now_ms()) WHERE id_hash = $1 AND revoked_at IS NULL RETURNING id_hash),${auditPart(
    { entries: '$3', at: '$2', where: 'WHERE EXISTS (SELECT FROM revoked)' }
  )}
SELECT id_hash FROM revoked`
}

export async function makeSession(
  { database, now }: Books,
  session: NewSession,
  audit?: NewAuditEntry
): Promise<'made' | 'refused'> {
  const { idHash, tokenId = null, actor, role, csrfHash, lifeMs } = session
  const values = [idHash, tokenId, actor, role, csrfHash, lifeMs, now(), auditCells([audit])]
  return (await database.query(MAKE, values)).length > 0 ? 'made' : 'refused'
}

export async function readSession({ database }: Books, idHash: string): Promise<Session | undefined> {
  const [row] = await database.query<SessionRow>(READ, [idHash])
  return row && sessionOf(row)
}

export async function revokeSession({ database, now }: Books, idHash: string, audit?: NewAuditEntry): Promise<void> {
  await database.query(REVOKE, [idHash, now(), auditCells([audit])])
}
