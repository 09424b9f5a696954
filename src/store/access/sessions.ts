import type { NewAuditEntry } from '../../core/access/audit.ts'
import type { Session } from '../../core/access/session.ts'

/** A session before it is written: the store adds the instants. */
export interface NewSession extends Omit<Session, 'createdAt' | 'expiresAt' | 'revokedAt'> {
  readonly lifeMs: number
}

/** People who have logged in. */
export interface SessionStore {
  /**
   * `refused`: there is no such token, or it is revoked or has expired; nothing was written. One that is there already
   * stays as it is, and is `made`.
   */
  makeSession(session: NewSession, audit?: NewAuditEntry): Promise<'made' | 'refused'>
  /** As it stands with its token: with whichever was revoked or expires first. */
  readSession(idHash: string): Promise<Session | undefined>
  /** For good. An entry is written if it was not revoked before. */
  revokeSession(idHash: string, audit?: NewAuditEntry): Promise<void>
}
