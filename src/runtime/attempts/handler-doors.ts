import { EscapementError } from '../../core/errors.ts'
import { aFunction, aName } from '../../core/options/forms.ts'
import { wrongValue } from '../../core/options/options.ts'

/**
 * Also checks a step that is remembered: its mistake must not show only when it runs.
 *
 * @throws EscapementError `options-invalid`, `id-invalid`
 */
export function checkStep(name: unknown, fn: unknown): void {
  if (!aName.allows(name)) throw wrongValue('The name of a step is', name, { code: 'id-invalid', ...aName })
  if (!aFunction.allows(fn))
    throw wrongValue(`The step ${JSON.stringify(name)} has`, fn, { code: 'options-invalid', ...aFunction })
}

export function checkBody(body: unknown): void {
  if (aFunction.allows(body)) return
  throw new EscapementError('options-invalid', 'transaction() got no function; it takes one: transaction(tx => …).')
}
