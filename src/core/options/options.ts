import { EscapementError, type ErrorCode } from '../errors.ts'
import { describe } from './names.ts'
import { didYouMean } from './nearest.ts'

/** What one option takes. `undefined` means "not given", and is never checked. */
export interface Form {
  /** In words, after "it takes". */
  readonly takes: string
  readonly allows: (value: unknown) => boolean
  /** The error code; by default the door's. */
  readonly code?: ErrorCode
  /** A sentence that says what a refused value most likely meant. */
  readonly cure?: (value: unknown) => string | undefined
}

/** The options of one call. Any other name is refused, so that a misspelt option is not silently ignored. */
export interface Door {
  readonly code: ErrorCode
  readonly forms: Readonly<Record<string, Form>>
}

/** Makes a door. It compiles only if the table has exactly the options of the type. */
export function door<Options extends object>(
  code: ErrorCode,
  forms: Readonly<Record<keyof Required<Options>, Form>>
): Door {
  // Without a prototype, names such as "constructor" are unknown like any other.
  return { code, forms: Object.assign(Object.create(null) as Record<string, Form>, forms) }
}

/**
 * Refuses anything that is not an object of options, then unknown names, then wrong values. `who` begins the message,
 * such as `The task "mail"`. Symbol keys are ignored; inherited options count.
 *
 * @throws EscapementError with the code of the door or of the option
 */
export function checkOptions(who: string, given: unknown, { code, forms }: Door): void {
  if (!isOptions(given))
    throw new EscapementError(code, `${who} has ${describe(given)} as its options; it takes an object.`)
  let wrong: string | undefined
  for (const name in given) {
    const form = forms[name]
    if (form === undefined) {
      if (!isOfEveryObject(given, name)) throw unknownOption(who, name, { code, forms })
    } else if (wrong === undefined && given[name] !== undefined && !form.allows(given[name])) wrong = name
  }
  if (wrong !== undefined) throw wrongValue(`${who} has ${wrong}`, given[wrong], { code, ...forms[wrong]! })
}

function unknownOption(who: string, name: string, { code, forms }: Door): EscapementError {
  const known = Object.keys(forms)
  if (known.length === 0)
    return new EscapementError(code, `${who} has the unknown option ${describe(name)}; it takes none.`)
  return new EscapementError(code, `${who} has the unknown option ${describe(name)}; ${didYouMean(name, known)}`)
}

/** The error for a wrong value. `what` begins the message. */
export function wrongValue(what: string, value: unknown, form: Form & { readonly code: ErrorCode }): EscapementError {
  const cure = form.cure?.(value)
  const sentence = `${what} ${describe(value)}; it takes ${form.takes}.`
  return new EscapementError(form.code, cure === undefined ? sentence : `${sentence} ${cure}`)
}

/** Whether it is a plain object, also without a prototype, or an instance of an app's class; no list, Map or Date. */
function isOptions(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && Object.prototype.toString.call(given) === '[object Object]'
}

/** Some code added this member to all objects of the process, so it is not an option. */
const isOfEveryObject = (given: object, name: string): boolean =>
  !Object.hasOwn(given, name) && name in Object.prototype
