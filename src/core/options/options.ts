import { EscapementError, type ErrorCode } from '../errors.ts'
import { describe } from './names.ts'
import { didYouMean } from './nearest.ts'

/** What one option takes. It is not asked about `undefined`, which means "not given". */
export interface Form {
  /** In words, behind "it takes". */
  readonly takes: string
  readonly allows: (value: unknown) => boolean
  /** Of the error; by default the door's. */
  readonly code?: ErrorCode
  /** A sentence with what was most likely meant by a value that is not taken. */
  readonly cure?: (value: unknown) => string | undefined
}

/** All the options of one door. A name that is not among them is refused: a misspelt one must not be passed over in silence. */
export interface Door {
  readonly code: ErrorCode
  readonly forms: Readonly<Record<string, Form>>
}

/** Its table has every option of the type and no other: else it does not compile. */
export function door<Options extends object>(
  code: ErrorCode,
  forms: Readonly<Record<keyof Required<Options>, Form>>
): Door {
  // Without a prototype "constructor" and its like are names as unknown as any.
  return { code, forms: Object.assign(Object.create(null) as Record<string, Form>, forms) }
}

/**
 * Refuses what is no object of options, then names that the door does not know, then values of another form. `who` begins
 * the sentence, such as `The task "mail"`. Symbols as names say nothing; inherited options count.
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

/** The error for a value that is not of its form; `what` begins the sentence. */
export function wrongValue(what: string, value: unknown, form: Form & { readonly code: ErrorCode }): EscapementError {
  const cure = form.cure?.(value)
  const sentence = `${what} ${describe(value)}; it takes ${form.takes}.`
  return new EscapementError(form.code, cure === undefined ? sentence : `${sentence} ${cure}`)
}

/** Plain objects, also without a prototype, and instances of an app's classes; no list, Map, Date or promise. */
function isOptions(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && Object.prototype.toString.call(given) === '[object Object]'
}

/** Somebody gave that member to all objects of the process: it is nobody's option. */
const isOfEveryObject = (given: object, name: string): boolean =>
  !Object.hasOwn(given, name) && name in Object.prototype
