/** One line of a log. */
export interface LogLine {
  readonly fields: object
  readonly message: string | undefined
}

/** The directives of `util.format`, which pino and the console also take. */
const directive = /%[sdifjoOc%]/g

type Format = (text: string, ...values: unknown[]) => string

/**
 * Reads a log call in the ways of pino and the console: fields, then text and values; text and values, then fields or
 * an error; an error alone. `format` is Node's.
 */
export function lineOf(said: readonly unknown[], format: Format): LogLine {
  const [first, ...rest] = said
  if (first instanceof Error) {
    const { fields, message } = lineOf(rest, format)
    return { fields: { err: first, ...fields }, message: message ?? first.message }
  }
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) {
    const { fields, message } = textOf(rest, format)
    return { fields: { ...first, ...fields }, message }
  }
  return textOf(said, format)
}

function textOf(said: readonly unknown[], format: Format): LogLine {
  if (said.length === 0) return { fields: {}, message: undefined }
  const [first, ...values] = said
  const wanted = typeof first === 'string' ? (first.match(directive) ?? []).filter(each => each !== '%%').length : 0
  const left = values.slice(wanted)
  const words = left.filter(value => !isFields(value))
  return {
    fields: Object.assign({}, ...left.filter(isFields).map(fieldsOf)) as object,
    message:
      values.length === 0 && typeof first === 'string'
        ? first
        : format(...([first, ...values.slice(0, wanted), ...words] as [string, ...unknown[]]))
  }
}

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fieldsOf = (value: object): object => (value instanceof Error ? { err: value } : value)
