import { functionLines, linesOf, MAX_LINES_OF_A_FUNCTION } from '../../tests/tidy/shape.ts'
import type { Source } from '../../tests/tidy/sources.ts'

export interface Lengths {
  readonly count: number
  readonly median: number
  readonly max: number
}

function lengthsOf(lines: readonly number[]): Lengths {
  const sorted = lines.toSorted((a, b) => a - b)
  return { count: sorted.length, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 }
}

/** In lines. */
export const fileLengths = (sources: readonly Source[]): Lengths & { readonly total: number } => {
  const lines = sources.map(linesOf)
  return { ...lengthsOf(lines), total: lines.reduce((sum, each) => sum + each, 0) }
}

/** Functions and methods; arrows, most of which are one expression, are counted apart, but none may be too long. */
export function functionLengths(
  sources: readonly Source[]
): Lengths & { readonly arrows: number; readonly tooLong: number } {
  const functions = sources.flatMap(functionLines)
  const named = functions.filter(({ isArrow }) => !isArrow).map(({ lines }) => lines)
  const tooLong = functions.filter(({ lines }) => lines > MAX_LINES_OF_A_FUNCTION).length
  return { ...lengthsOf(named), arrows: functions.length - named.length, tooLong }
}

export interface Folders {
  readonly count: number
  /** The one with the most files in it, and how many. */
  readonly largest: string
  readonly files: number
}

export function foldersOf(sources: readonly Source[]): Folders {
  const counts = new Map<string, number>()
  for (const { path } of sources) {
    const folder = path.slice(0, path.lastIndexOf('/'))
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  const [largest = '', files = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? []
  return { count: counts.size, largest, files }
}
