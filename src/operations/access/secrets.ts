import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits in base64url: 43 characters. Nobody guesses it, so that its hash needs no salt and no slow function. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** SHA-256, 64 hexadecimal digits: what the books keep of a secret. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Another secret, computed from this one, which it does not show. */
export const derivedSecret = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url')

/** A hash that no secret has. */
const OF_NOTHING = '0'.repeat(64)

/**
 * Whether the secret has this hash. The time that it takes shows neither where the two differ nor whether there is a
 * hash to compare with.
 */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  const known = Buffer.from(hash ?? OF_NOTHING, 'hex')
  const presented = Buffer.from(hashOfSecret(secret), 'hex')
  return known.length === presented.length && timingSafeEqual(presented, known)
}
