import { EscapementError } from '../../../core/errors.ts'
import { describe } from '../../../core/options/names.ts'

export const DEFAULT_SCHEMA = 'escapement'
/** Leaves room for the name of the channel, which adds an ending: PostgreSQL cuts names at 63 bytes. */
const allowed = /^(?!pg_)[a-z_][a-z0-9_]{0,47}$/

/** @throws EscapementError `config-invalid` */
export function quoteSchema(schema: string): string {
  if (allowed.test(schema)) return `"${schema}"`
  throw new EscapementError(
    'config-invalid',
    `The schema of the books is ${describe(schema)}; it takes 1 to 48 lower-case letters, digits and "_", and begins neither with a digit nor with "pg_".`
  )
}

/** The channel on which the stores of a schema notify each other of writes. */
export const channelOf = (schema: string): string => `${schema}_wake`
