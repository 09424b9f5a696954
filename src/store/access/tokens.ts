import type { NewAuditEntry } from '../../core/access/audit.ts'
import type { Token } from '../../core/access/token.ts'
import type { Page, PageRequest } from '../pages/page.ts'

/** A token before it is written: the store adds the instant. */
export type NewToken = Omit<Token, 'createdAt' | 'revokedAt' | 'lastUsedAt'>

/** What clients of the management API present. */
export interface TokenStore {
  /** One whose id is there stays as it is, and its entry is not written. */
  makeToken(token: NewToken, audit?: NewAuditEntry): Promise<void>
  /** All, those that were revoked too, newest first by id. */
  listTokens(page: PageRequest): Promise<Page<Token>>
  readToken(id: string): Promise<Token | undefined>
  /** For good. `already`: it was revoked earlier, and the instant stays. */
  revokeToken(id: string, audit?: NewAuditEntry): Promise<'revoked' | 'already' | 'unknown'>
  /** Writes that it was used now, unless that was written within the last minute. */
  touchToken(id: string): Promise<void>
}
