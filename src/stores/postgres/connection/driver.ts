import { loadPeer } from '../../../peers/optional-peer.ts'

export type Driver = Pick<typeof import('pg'), 'Client' | 'Pool'>

export async function loadDriver(): Promise<Driver> {
  const driver = await loadPeer<{ readonly default: Driver }>({
    name: 'pg',
    purpose: 'Books in PostgreSQL',
    code: 'store-unavailable'
  })
  return driver.default
}
