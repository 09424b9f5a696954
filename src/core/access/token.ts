import type { AccessRole } from './audit.ts'

/** A token as the books keep it: what proves its secret, and not the secret. */
export interface Token {
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** SHA-256 of the secret, 64 hexadecimal digits. */
  readonly secretHash: string
  readonly role: AccessRole
  readonly createdAt: number
  readonly createdBy: string
  /** Undefined: never. */
  readonly expiresAt: number | undefined
  readonly revokedAt: number | undefined
  /** To the minute. Undefined: never used. */
  readonly lastUsedAt: number | undefined
}

/** A use is written at most so often: the token of a busy program would otherwise be a write with each request. */
export const TOUCH_EVERY_MS = 60_000

/** What a client presents. The id finds the token; the secret proves it. */
export interface PresentedToken {
  readonly id: string
  /** 256 random bits in base64url. */
  readonly secret: string
}

export const tokenText = ({ id, secret }: PresentedToken): string => `esc_${id}_${secret}`

/** Undefined: it is no token. */
export function presentedToken(text: string): PresentedToken | undefined {
  const [, id, secret] = /^esc_([\da-z-]{1,36})_([\w-]{43})$/.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

export type TokenState = 'valid' | 'expired' | 'revoked'

/** Also of a session. The instant at which it expires is no longer within its life. */
export function stateOfToken(
  { revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>,
  now: number
): TokenState {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'valid'
}

/** Whether its last use is so long ago that this one is written. */
export const isTouchDue = ({ lastUsedAt }: Pick<Token, 'lastUsedAt'>, now: number): boolean =>
  lastUsedAt === undefined || now - lastUsedAt >= TOUCH_EVERY_MS
