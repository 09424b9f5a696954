import { EscapementError } from '../../core/errors.ts'
import { describe } from '../../core/options/names.ts'

/** A `config-invalid` that names the setting, what it got and what it takes. */
export function invalidSetting(setting: string, got: unknown, takes: string, cure?: string): EscapementError {
  const sentence = `${setting} is ${describe(got)}; it takes ${takes}.`
  return new EscapementError('config-invalid', cure === undefined ? sentence : `${sentence} ${cure}`)
}
