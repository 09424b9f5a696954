import { EscapementError } from '../core/errors.ts'
import { describe } from '../core/options/names.ts'

export const DEFAULT_SEAT = 'primary'

const name = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** @throws EscapementError `id-invalid`. The name of a seat becomes part of file names and keys. */
export function checkSeat(seat: string): string {
  if (typeof seat === 'string' && name.test(seat)) return seat
  throw new EscapementError(
    'id-invalid',
    `The name of a seat is ${describe(seat)}; it takes 1 to 64 lower-case letters, digits, "-" and "_", and begins with a letter or digit.`
  )
}
