import type { Session } from '../../../core/access/session.ts'
import { stateOfToken } from '../../../core/access/token.ts'
import type { NewSession } from '../../../store/access/sessions.ts'
import type { PruneRequest } from '../../../store/reading.ts'
import { SESSION_COLUMNS, sessionOf, type SessionRow } from '../../sql/access-rows.ts'
import type { Books } from '../books.ts'
import { orNull } from '../books.ts'
import { readToken } from './tokens.ts'

const MAKE = `
INSERT INTO escapement_session (${SESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING`
// It ends with its token, whichever is revoked or expires first.
const READ = `
SELECT id_hash, token_id, actor, session.role, csrf_hash, session.created_at, min(session.expires_at, coalesce(token.expires_at, session.expires_at)),
  min(coalesce(session.revoked_at, token.revoked_at), coalesce(token.revoked_at, session.revoked_at))
FROM escapement_session AS session LEFT JOIN escapement_token AS token ON token.id = session.token_id WHERE id_hash = ?`
const REVOKE = 'UPDATE escapement_session SET revoked_at = ? WHERE id_hash = ? AND revoked_at IS NULL'
const PRUNE =
  'DELETE FROM escapement_session WHERE id_hash IN (SELECT id_hash FROM escapement_session WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)'

/** `known`: it is there. */
export function makeSession(books: Books, session: NewSession): 'made' | 'known' | 'refused' {
  const { idHash, tokenId, actor, role, csrfHash, lifeMs } = session
  const at = books.now()
  const token = tokenId === undefined ? undefined : readToken(books, tokenId)
  if (tokenId !== undefined && (token === undefined || stateOfToken(token, at) !== 'valid')) return 'refused'
  const row = [idHash, orNull(tokenId), actor, role, csrfHash, at, at + lifeMs]
  return Number(books.connection.prepare(MAKE).run(...row).changes) > 0 ? 'made' : 'known'
}

export function readSession({ connection }: Books, idHash: string): Session | undefined {
  const row = connection.prepare<SessionRow>(READ).get(idHash)
  return row && sessionOf(row)
}

/** False: there is none, or it was revoked before. */
export const revokeSession = ({ connection, now }: Books, idHash: string): boolean =>
  Number(connection.prepare(REVOKE).run(now(), idHash).changes) > 0

export const pruneSessions = ({ connection, now }: Books, { limit }: PruneRequest): number =>
  Number(connection.prepare(PRUNE).run(now(), limit).changes)
