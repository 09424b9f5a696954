import { EscapementError } from '../core/errors.ts'
import { describe } from '../core/names.ts'

/** A `config-invalid` that names the setting, what it got and what it takes. */
export function invalidSetting(setting: string, got: unknown, takes: string): EscapementError {
  return new EscapementError('config-invalid', `${setting} is ${describe(got)}; it takes ${takes}.`)
}
