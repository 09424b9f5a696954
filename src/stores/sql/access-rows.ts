import type { AccessRole } from '../../core/access/audit.ts'
import type { Session } from '../../core/access/session.ts'
import type { Token } from '../../core/access/token.ts'

export const TOKEN_COLUMNS = 'id, name, secret_hash, role, created_at, created_by, expires_at, revoked_at, last_used_at'

/** In the order of the columns. */
export type TokenRow = readonly [
  id: string,
  name: string,
  secretHash: string,
  role: string,
  createdAt: number,
  createdBy: string,
  expiresAt: number | null,
  revokedAt: number | null,
  lastUsedAt: number | null
]

export function tokenOf(row: TokenRow): Token {
  const [id, name, secretHash, role, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt] = row
  return {
    id,
    name,
    secretHash,
    role: role as AccessRole,
    createdAt,
    createdBy,
    expiresAt: expiresAt ?? undefined,
    revokedAt: revokedAt ?? undefined,
    lastUsedAt: lastUsedAt ?? undefined
  }
}

export const SESSION_COLUMNS = 'id_hash, token_id, actor, role, csrf_hash, created_at, expires_at, revoked_at'

/** In the order of the columns. */
export type SessionRow = readonly [
  idHash: string,
  tokenId: string | null,
  actor: string,
  role: string,
  csrfHash: string,
  createdAt: number,
  expiresAt: number,
  revokedAt: number | null
]

export function sessionOf(row: SessionRow): Session {
  const [idHash, tokenId, actor, role, csrfHash, createdAt, expiresAt, revokedAt] = row
  return {
    idHash,
    tokenId: tokenId ?? undefined,
    actor,
    role: role as AccessRole,
    csrfHash,
    createdAt,
    expiresAt,
    revokedAt: revokedAt ?? undefined
  }
}
