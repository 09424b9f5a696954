import type { AccessRole } from './audit.ts'

/** Somebody who has logged in, as the books keep it: hashes of what proves it, and not the proofs. */
export interface Session {
  /** SHA-256 of its random id, 64 hexadecimal digits. */
  readonly idHash: string
  /** The token that was presented. Undefined: the app said who it is. */
  readonly tokenId: string | undefined
  readonly actor: string
  readonly role: AccessRole
  /** SHA-256 of what unsafe requests have to present besides. */
  readonly csrfHash: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly revokedAt: number | undefined
}

/** 12 hours. */
export const SESSION_LIFE_MS = 43_200_000
