import type { ClientConfig } from 'pg'
import { EscapementError } from '../../../core/errors.ts'
import { describe } from '../../../core/options/names.ts'
import { checkOptions } from '../../../core/options/options.ts'
import { POSTGRES_URL, urlProblem } from '../../../core/options/url-problem.ts'
import type { Driver } from './driver.ts'
import type { DatabaseLocation } from '../errors.ts'
import { connectionDoor, type PostgresConnection } from '../options.ts'
import { quoteSchema } from '../schema/schema-name.ts'

export interface Address {
  readonly config: ClientConfig
  readonly location: DatabaseLocation
}

/** What `pg` makes of an address, including PGHOST and similar variables. Does not connect yet. */
export function addressOf({ Client }: Driver, connection: string | PostgresConnection, schema: string): Address {
  const quoted = quoteSchema(schema)
  if (typeof connection !== 'string') checkOptions('The address of the PostgreSQL database', connection, connectionDoor)
  if (typeof connection === 'string') assertReadable(connection)
  const config: ClientConfig = typeof connection === 'string' ? { connectionString: connection } : connection
  try {
    const { host, port, database = '', user = '' } = new Client(config)
    const at = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
    return {
      config,
      location: { database: `database "${database}" at ${at}`, user, schema: quoted }
    }
  } catch (error) {
    throwMissingFile(error, connection)
    // The original error is not passed on: it may repeat the address, and thereby the password.
    throw new EscapementError(
      'config-invalid',
      'The address of the PostgreSQL database could not be read; it takes "postgres://user:password@host:port/database", with %-codes for special characters in the password.'
    )
  }
}

function assertReadable(url: string): void {
  // A path, a socket or a name in PGSERVICEFILE is left to the driver.
  const problem = url.includes(':') ? urlProblem(url, POSTGRES_URL) : undefined
  if (problem !== undefined)
    throw new EscapementError(
      'config-invalid',
      `The address of the PostgreSQL database could not be read; it takes ${POSTGRES_URL.example}. ${problem}.`
    )
}

/** `pg` reads the certificates that an address names while it parses the address. A path is no secret. */
function throwMissingFile(error: unknown, connection: string | PostgresConnection): void {
  const { code, path } = error as NodeJS.ErrnoException
  if (typeof connection !== 'string' || typeof path !== 'string' || typeof code !== 'string') return
  const parameters = [...(URL.parse(connection)?.searchParams ?? [])]
  const name = parameters.find(([, value]) => value === path)?.[0]
  throw new EscapementError(
    'config-invalid',
    `The file ${describe(path)}, which the address of the PostgreSQL database names${name === undefined ? '' : ` as ${name}`}, could not be read (${code}).`
  )
}
