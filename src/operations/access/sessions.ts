import type { AccessRole } from '../../core/access/audit.ts'
import { auditEntryOf, type ChangeOptions, stampOf } from '../../core/access/by.ts'
import { SESSION_LIFE_MS, type Session } from '../../core/access/session.ts'
import { stateOfToken } from '../../core/access/token.ts'
import type { SessionStore } from '../../store/access/sessions.ts'
import { derivedSecret, hashOfSecret, isSecretOf, newSecret } from './secrets.ts'

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
  /** A secret that is not in the books, such as a configured token: with another one the session is not found. */
  readonly boundTo?: string | undefined
  readonly actor: string
  readonly role: AccessRole
}

/** What the client of a new session keeps. The books have the hashes. */
export interface BegunSession {
  /** For the cookie: 256 random bits in base64url. */
  readonly id: string
  /** For the header of unsafe requests: {@link csrfOf} the id. */
  readonly csrf: string
  readonly expiresAt: number
}

/** Sessions of people who have logged in: 12 hours at most, or as long as their token. */
export class Sessions {
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Undefined: the token was revoked or has expired meanwhile. */
  async begin({ tokenId, boundTo, actor, role, by }: LogIn): Promise<BegunSession | undefined> {
    const { store, newId } = this.#options
    const id = newSecret()
    const csrf = csrfOf(id)
    const [idHash, csrfHash] = [hashOfId(id, boundTo), hashOfSecret(csrf)]
    const about = { action: 'session.create', targetId: shownIdOf(idHash), after: { actor, role, tokenId } } as const
    const answer = await store.makeSession(
      { idHash, tokenId, actor, role, csrfHash, lifeMs: SESSION_LIFE_MS },
      auditEntryOf(stampOf(by), { ...about, id: newId() })
    )
    const session = answer === 'made' ? await store.readSession(idHash) : undefined
    return session && { id, csrf, expiresAt: session.expiresAt }
  }

  /** The session with this id, unless it or its token is revoked or has expired. */
  async find(id: string, boundTo?: string): Promise<Session | undefined> {
    const { store, clock } = this.#options
    const session = await store.readSession(hashOfId(id, boundTo))
    return session !== undefined && stateOfToken(session, clock.now()) === 'valid' ? session : undefined
  }

  /** For good. Of one that is unknown or has ended nothing is written. */
  async end({ idHash }: Pick<Session, 'idHash'>, { by }: ChangeOptions = {}): Promise<void> {
    const { store, newId } = this.#options
    const about = { action: 'session.revoke', targetId: shownIdOf(idHash) } as const
    await store.revokeSession(idHash, auditEntryOf(stampOf(by), { ...about, id: newId() }))
  }
}

const hashOfId = (id: string, boundTo: string | undefined): string =>
  hashOfSecret(boundTo === undefined ? id : derivedSecret(id, boundTo))

/** What unsafe requests present besides the cookie. A page asks for it: it cannot read the cookie. */
export const csrfOf = (id: string): string => derivedSecret(id, 'csrf')

/** Whether an unsafe request presents what its session was given. */
export const provesIntent = ({ csrfHash }: Pick<Session, 'csrfHash'>, csrf: string): boolean =>
  isSecretOf(csrf, csrfHash)

/** What the audit calls a session: the beginning of the hash, which tells it from others and opens nothing. */
const shownIdOf = (idHash: string): string => idHash.slice(0, 16)
