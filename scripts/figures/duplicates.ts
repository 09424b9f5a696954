import type { Source } from '../../tests/tidy/sources.ts'

/** So many equal lines one after the other are a duplicate. Fewer are a habit: two functions may well begin alike. */
const MIN_LINES = 8

export interface Duplicates {
  /** Lines that stand in such a stretch, of all lines of code. */
  readonly lines: number
  readonly ofLines: number
  /** Where the stretches begin, each pair of locations once: `a.ts:12 = b.ts:30`. */
  readonly locations: readonly string[]
}

interface Line {
  readonly path: string
  readonly number: number
  readonly text: string
}

/** Comments, imports and blank lines are no code; how far a line is indented says nothing. */
function codeOf({ path, text }: Source): Line[] {
  const lines = text.split('\n').map((line, at): Line => ({ path, number: at + 1, text: line.trim() }))
  return lines.filter(({ text }) => !/^($|\/\/|\/?\*|import\b|export (\*|\{.*\}) from\b)/.test(text))
}

/** Stretches of code that stand in two locations, word for word. */
export function duplicatesIn(sources: readonly Source[]): Duplicates {
  const files = sources.map(codeOf)
  const first = new Map<string, Line>()
  const double = new Set<Line>()
  const locations: string[] = []
  for (const lines of files) {
    let goesOn = false
    for (let at = 0; at + MIN_LINES <= lines.length; at++) {
      const stretch = lines.slice(at, at + MIN_LINES)
      const key = stretch.map(({ text }) => text).join('\n')
      const before = first.get(key)
      if (before === undefined) first.set(key, stretch[0]!)
      else {
        for (const line of stretch) double.add(line)
        if (!goesOn) locations.push(`${locationOf(before)} = ${locationOf(stretch[0]!)}`)
      }
      goesOn = before !== undefined
    }
  }
  return { lines: double.size, ofLines: files.flat().length, locations }
}

const locationOf = ({ path, number }: Line): string => `${path}:${number}`
