import type { AccessRole } from '../../core/access/audit.ts'
import { auditEntryOf, type ChangeOptions, stampOf } from '../../core/access/by.ts'
import { isTouchDue, presentedToken, stateOfToken, type Token, tokenText } from '../../core/access/token.ts'
import { EscapementError } from '../../core/errors.ts'
import { isoOf } from '../../core/trigger/instant.ts'
import type { TokenStore } from '../../store/access/tokens.ts'
import { hashOfSecret, isSecretOf, newSecret } from './secrets.ts'

export interface TokensOptions {
  readonly store: TokenStore
  /** The store's time. */
  readonly clock: { now(): number }
  readonly newId: () => string
}

/** A token to make. */
export interface TokenOrder extends ChangeOptions {
  /** What people call it. */
  readonly name: string
  readonly role: AccessRole
  /** Epoch milliseconds. Undefined: never. */
  readonly expiresAt?: number | undefined
}

/** A token that was just made. */
export interface MadeToken {
  readonly id: string
  /** What a client presents. It is shown only now: the books have its hash. */
  readonly text: string
}

/** Makes, revokes and checks the tokens that programs present. */
export class Tokens {
  readonly #options: TokensOptions
  #touching: Promise<void> = Promise.resolve()

  constructor(options: TokensOptions) {
    this.#options = options
  }

  /** @throws EscapementError `options-invalid` for an expiry that has passed */
  async create({ name, role, expiresAt, by }: TokenOrder): Promise<MadeToken> {
    const { store, clock, newId } = this.#options
    if (expiresAt !== undefined && expiresAt <= clock.now())
      throw new EscapementError(
        'options-invalid',
        `The token ${JSON.stringify(name)} would expire at ${isoOf(expiresAt)}, which has passed.`
      )
    const [id, secret, stamp] = [newId(), newSecret(), stampOf(by)]
    const after = { name, role, expiresAt: expiresAt === undefined ? undefined : isoOf(expiresAt) }
    await store.makeToken(
      { id, name, role, expiresAt, secretHash: hashOfSecret(secret), createdBy: stamp.actor },
      auditEntryOf(stamp, { id: newId(), action: 'token.create', targetId: id, after })
    )
    return { id, text: tokenText({ id, secret }) }
  }

  /** Everywhere at once, with the sessions that began with it. @throws EscapementError `token-unknown` */
  async revoke(id: string, { by }: ChangeOptions = {}): Promise<'revoked' | 'already'> {
    const { store, newId } = this.#options
    const before = await store.readToken(id)
    const { name, role } = before ?? {}
    const about = { action: 'token.revoke', targetId: id, before: { name, role } } as const
    const answer = await store.revokeToken(id, auditEntryOf(stampOf(by), { ...about, id: newId() }))
    if (answer === 'unknown')
      throw new EscapementError('token-unknown', `There is no token with the id ${JSON.stringify(id)}.`)
    return answer
  }

  /** The token that the text proves, if it is valid now. Its use is written in the background, once a minute. */
  async check(text: string): Promise<Token | undefined> {
    const presented = presentedToken(text)
    if (presented === undefined) return undefined
    const { store, clock } = this.#options
    const token = await store.readToken(presented.id)
    if (!isSecretOf(presented.secret, token?.secretHash) || token === undefined) return undefined
    const now = clock.now()
    if (stateOfToken(token, now) !== 'valid') return undefined
    // A request must not fail or wait because its token's last use could not be written.
    if (isTouchDue(token, now)) this.#touching = store.touchToken(token.id).catch(() => undefined)
    return token
  }

  /** Resolves once the latest use that was noticed is written. */
  idle(): Promise<void> {
    return this.#touching
  }
}
