import { expect, test } from 'vitest'
import { loadPeer } from '../../src/peers/optional-peer.ts'

test('a peer that is installed is loaded', async () => {
  const peer = { name: 'pg', purpose: 'Books in PostgreSQL', code: 'store-unavailable' } as const
  expect(await loadPeer(peer)).toHaveProperty('default.Pool')
})

test('one that is not is named, with the fix', async () => {
  const peer = { name: 'no-such-peer', purpose: 'Seats by no one', code: 'config-invalid' } as const
  await expect(loadPeer({ ...peer, otherwise: ', or choose another' })).rejects.toMatchObject({
    code: 'config-invalid',
    message: 'Seats by no one need the package "no-such-peer": npm install no-such-peer, or choose another'
  })
})
