import { stripVTControlCharacters, styleText } from 'node:util'
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
  const texts = rows.map(row => row.map(cell => (cell === undefined ? '-' : String(cell)).split('\n')))
  const lines = [head.map(title => styled('dim', title)), ...texts.flatMap(linesOfRow)]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map(line => widthOf(line[column] ?? ''))))
  const padded = (text: string, column: number): string => text + ' '.repeat(widths[column]! - widthOf(text))
  return lines.map(line => line.map(padded).join('  ').trimEnd()).join('\n')
}

/** A cell of several lines makes the row as high. */
function linesOfRow(cells: readonly (readonly string[])[]): string[][] {
  const height = Math.max(...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_, at) => cells.map(cell => cell[at] ?? ''))
}

/** Takes two columns of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many columns of a terminal a text takes; colours take none. */
function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text)
  // oxlint-disable-next-line no-control-regex -- These are the plain characters of one column each.
  if (/^[\x00-\x7f]*$/.test(plain)) return plain.length
  return [...characters.segment(plain)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)
}

/** ISO 8601 in UTC, as all commands print instants. */
export function iso(ms: number): string {
  return isoOf(ms)
}

/** For JSON: null where there is none. */
export function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : iso(ms)
}
