import { expect, test } from 'vitest'
import { hashOfSecret, isSecretOf, newSecret } from '../../../src/operations/access/secrets.ts'

test('a secret is proven by its hash, and by nothing else', () => {
  const secret = newSecret()
  expect(hashOfSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(isSecretOf(secret, hashOfSecret(secret))).toBe(true)
  for (const hash of [
    undefined,
    '',
    'zz',
    hashOfSecret(newSecret()),
    hashOfSecret(secret).slice(0, 62),
    '0'.repeat(64)
  ])
    expect(isSecretOf(secret, hash)).toBe(false)
})
