import type { Logger } from '../../core/job/handler.ts'

/** The numbers of the levels, as pino writes them: `pino-pretty` and other readers of its lines know them. */
const numbers = { debug: 20, info: 30, warn: 40, error: 50 } as const satisfies Record<keyof Logger, number>

export interface JsonLinesOptions {
  /** Lines below it are not written. */
  readonly level: keyof Logger
  /** Wall time in epoch milliseconds. */
  readonly now: () => number
  /** Takes one whole line, with its end. */
  readonly write: (line: string) => void
}

/** A logger of JSON lines: `level`, `time`, the fields, `msg`. Errors are written with their causes and members. */
export function jsonLines({ level, now, write }: JsonLinesOptions): Logger {
  const line = (own: keyof Logger): Logger[keyof Logger] =>
    numbers[own] < numbers[level]
      ? () => undefined
      : (fields, msg) => write(`${textOf({ level: numbers[own], time: now(), ...fields, msg })}\n`)
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** All that a handler logs becomes a line: a value that leads back to itself, or that JSON has no form for, is named. */
function textOf(fields: object): string {
  const around: { readonly value: object; readonly written: object }[] = []
  return JSON.stringify(fields, function written(this: object, _key, value: unknown): unknown {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    // `this` is the written form of the object around the value. Others have ended.
    while (around.length > 0 && around.at(-1)?.written !== this) around.pop()
    if (around.some(each => each.value === value)) return '[Circular]'
    const plain = value instanceof Error ? plainError(value) : value
    around.push({ value, written: plain })
    return plain
  })
}

function plainError(error: Error): object {
  const { name, message, stack, cause, errors, ...others } = error as Error & { readonly errors?: unknown }
  const type = error.constructor.name === 'Error' ? name : error.constructor.name
  // Undefined ones are left out by JSON.
  return { type, message, stack, ...others, cause, errors }
}
