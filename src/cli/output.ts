import { styleText } from 'node:util'
import Table from 'cli-table3'
import { isoOf } from '../core/trigger/instant.ts'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'
type Cell = string | number | undefined

/**
 * What a command prints. The result goes to standard output: with `--json` as JSON and nothing else, otherwise as text
 * for people. Notices go to standard error.
 */
export class Output {
  readonly isJson: boolean

  constructor(isJson: boolean) {
    this.isJson = isJson
  }

  /** Prints the result, once: `value` for programs, `text` for people. */
  answer(value: unknown, text: () => string): void {
    process.stdout.write(`${this.isJson ? JSON.stringify(value, undefined, 2) : text()}\n`)
  }

  notice(text: string): void {
    process.stderr.write(`${text}\n`)
  }
}

/** Colours the text, unless output is no terminal or `NO_COLOR` is set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** Columns without lines, or the text `nothing` if there are no rows. */
export function textTable(head: readonly string[], rows: readonly (readonly Cell[])[], nothing: string): string {
  if (rows.length === 0) return nothing
  const none = ''
  const chars = Object.fromEntries(borders.map(border => [border, none]))
  const drawn = new Table({
    head: head.map(title => styled('dim', title)),
    chars: { ...chars, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] }
  })
  drawn.push(...rows.map(row => row.map(cell => (cell === undefined ? '-' : String(cell)))))
  return drawn
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}

const borders = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid'
]

/** ISO 8601 in UTC, as all commands print instants. */
export function iso(ms: number): string {
  return isoOf(ms)
}

/** For JSON: null where there is none. */
export function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : iso(ms)
}
