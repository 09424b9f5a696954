import type { AccessRole } from '../../core/access/audit.ts'
import { auditEntryOf, type ChangeOptions, stampOf } from '../../core/access/by.ts'
import { SESSION_LIFE_MS, type Session } from '../../core/access/session.ts'
import { stateOfToken } from '../../core/access/token.ts'
import type { SessionStore } from '../../store/access/sessions.ts'
import { hashOfSecret, isSecretOf, newSecret } from './secrets.ts'

export interface SessionsOptions {
  readonly store: SessionStore
  /** The store's time. */
  readonly clock: { now(): number }
  readonly newId: () => string
}

/** Somebody who logs in. */
export interface LogIn extends ChangeOptions {
  /** Of a token that was checked. Undefined: the app says who it is. */
  readonly tokenId?: string | undefined
  readonly actor: string
  readonly role: AccessRole
}

/** What the client of a new session keeps. The books have the hashes. */
export interface BegunSession {
  /** For the cookie: 256 random bits in base64url. */
  readonly id: string
  /** For the header of unsafe requests, likewise. */
  readonly csrf: string
}

/** Sessions of people who have logged in: 12 hours at most, or as long as their token. */
export class Sessions {
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Undefined: the token was revoked or has expired meanwhile. */
  async begin({ tokenId, actor, role, by }: LogIn): Promise<BegunSession | undefined> {
    const { store, newId } = this.#options
    const [id, csrf] = [newSecret(), newSecret()]
    const [idHash, csrfHash] = [hashOfSecret(id), hashOfSecret(csrf)]
    const about = { action: 'session.create', targetId: shownIdOf(idHash), after: { actor, role, tokenId } } as const
    const answer = await store.makeSession(
      { idHash, tokenId, actor, role, csrfHash, lifeMs: SESSION_LIFE_MS },
      auditEntryOf(stampOf(by), { ...about, id: newId() })
    )
    return answer === 'made' ? { id, csrf } : undefined
  }

  /** The session with this id, unless it or its token is revoked or has expired. */
  async find(id: string): Promise<Session | undefined> {
    const { store, clock } = this.#options
    const session = await store.readSession(hashOfSecret(id))
    return session !== undefined && stateOfToken(session, clock.now()) === 'valid' ? session : undefined
  }

  /** For good. Of one that is unknown or has ended nothing is written. */
  async end({ idHash }: Pick<Session, 'idHash'>, { by }: ChangeOptions = {}): Promise<void> {
    const { store, newId } = this.#options
    const about = { action: 'session.revoke', targetId: shownIdOf(idHash) } as const
    await store.revokeSession(idHash, auditEntryOf(stampOf(by), { ...about, id: newId() }))
  }
}

/** Whether an unsafe request presents what its session was given. */
export const provesIntent = ({ csrfHash }: Pick<Session, 'csrfHash'>, csrf: string): boolean =>
  isSecretOf(csrf, csrfHash)

/** What the audit calls a session: the beginning of the hash, which tells it from others and opens nothing. */
const shownIdOf = (idHash: string): string => idHash.slice(0, 16)
