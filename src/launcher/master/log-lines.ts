import { StringDecoder } from 'node:string_decoder'

/** A longer line is written in pieces, so that a process can't fill its master's memory. */
const MAX_LINE_LENGTH = 65_536

/** Prefixes each line of a byte stream. Chunks may end anywhere, even within a character. */
export class LinePrefixer {
  readonly #prefix: string
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Returns the lines that these bytes complete, prefixed. */
  add(bytes: Buffer): string {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE_LENGTH) {
      lines.push(this.#rest)
      this.#rest = ''
    }
    return lines.map(line => `${this.#prefix}${line}\n`).join('')
  }

  /** Returns the last line if it had no end, prefixed. */
  end(): string {
    const rest = this.#rest + this.#decoder.end()
    this.#rest = ''
    return rest === '' ? '' : `${this.#prefix}${rest}\n`
  }
}

/** Prefixes of the same width, such as "web.1       | ". */
export function prefixesOf(names: readonly string[]): ReadonlyMap<string, string> {
  const width = Math.max(0, ...names.map(name => name.length))
  return new Map(names.map(name => [name, `${name.padEnd(width)} | `]))
}
