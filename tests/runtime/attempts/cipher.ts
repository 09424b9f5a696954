import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { PayloadCodec } from '../../../src/core/payload/codec.ts'

/** Encrypts under a key of its own, with another text each time, until its key is gone. */
export function cipher(name: string): PayloadCodec & { readonly forget: () => void; readonly remember: () => void } {
  const key = randomBytes(32)
  let isThere = true
  const keyOf = (): Buffer => {
    if (!isThere) throw new Error('there is no key for ann@example.org')
    return key
  }
  return {
    name,
    encode: json => {
      const iv = randomBytes(12)
      const made = createCipheriv('aes-256-gcm', keyOf(), iv)
      const text = Buffer.concat([made.update(json), made.final()])
      return Buffer.concat([iv, made.getAuthTag(), text]).toString('base64')
    },
    decode: text => {
      const bytes = Buffer.from(text, 'base64')
      const made = createDecipheriv('aes-256-gcm', keyOf(), bytes.subarray(0, 12))
      made.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([made.update(bytes.subarray(28)), made.final()]).toString()
    },
    forget: () => void (isThere = false),
    remember: () => void (isThere = true)
  }
}
