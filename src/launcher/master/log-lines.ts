import { StringDecoder } from 'node:string_decoder'

/** What has no end by then is written as it is: a process may not fill its master's memory. */
const MAX_LINE_LENGTH = 65_536

/** Puts a prefix before each line of a stream of bytes, however it is cut. */
export class LinePrefixer {
  readonly #prefix: string
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The whole lines that the bytes complete, prefixed. */
  add(bytes: Buffer): string {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > MAX_LINE_LENGTH) {
      lines.push(this.#rest)
      this.#rest = ''
    }
    return lines.map(line => `${this.#prefix}${line}\n`).join('')
  }

  /** What was left without an end of line. */
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
