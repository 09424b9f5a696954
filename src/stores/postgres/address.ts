import type { ClientConfig } from 'pg'
import { EscapementError } from '../../core/errors.ts'
import { checkOptions } from '../../core/options.ts'
import type { Driver } from './driver.ts'
import type { Place } from './errors.ts'
import { connectionDoor, type PostgresConnection } from './options.ts'
import { quoteSchema } from './schema-name.ts'

export interface Address {
  readonly config: ClientConfig
  readonly place: Place
}

/** What `pg` makes of an address, PGHOST and its like included; nothing is connected yet. */
export function addressOf({ Client }: Driver, connection: string | PostgresConnection, schema: string): Address {
  const quoted = quoteSchema(schema)
  if (typeof connection !== 'string') checkOptions('The address of the PostgreSQL database', connection, connectionDoor)
  const config: ClientConfig = typeof connection === 'string' ? { connectionString: connection } : connection
  try {
    const { host, port, database = '', user = '' } = new Client(config)
    const at = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    return {
      config,
      place: { database: `database "${database}" at ${at}`, user, schema: quoted }
    }
  } catch {
    // The error itself is not passed on: it may repeat the address, and thereby the password.
    throw new EscapementError(
      'config-invalid',
      'The address of the PostgreSQL database could not be read; it takes "postgres://user:password@host:port/database", with %-codes for special characters in the password.'
    )
  }
}
