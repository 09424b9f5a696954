import type { AnyRow } from '../row.ts'

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000]
] as const

/** What it decides, what its text takes, and its default. */
export const settingInWords = (row: AnyRow): string =>
  `${row.meaning}. Takes ${row.kind.textTakes}; default: ${defaultInWords(row)}.`

export function defaultInWords(row: AnyRow): string {
  if (row.defaultIs !== undefined) return row.defaultIs
  const usual = valueInWords(row, row.default(false))
  return row.differs ? `${usual}, in production ${valueInWords(row, row.default(true))}` : usual
}

function valueInWords({ kind }: AnyRow, value: unknown): string {
  if (value === undefined) return 'none'
  return kind.unit === 'Ms' ? durationInWords(Number(value)) : `${value as string | number | boolean}`
}

function durationInWords(ms: number): string {
  const [unit, each] = units.find(([, each]) => ms > 0 && ms % each === 0) ?? ['ms', 1]
  return `${ms / each}${unit}`
}
