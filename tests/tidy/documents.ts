import type { Source } from './sources.ts'

export const MAX_COLUMNS = 120

export interface Line {
  readonly number: number
  readonly text: string
}

/** The lines of a document without its blocks of code, fenced or indented. Link targets are left out. */
export function proseOf({ text }: Source): Line[] {
  let isFenced = false
  return text.split('\n').flatMap((line, at) => {
    const isFence = line.startsWith('```')
    if (isFence) isFenced = !isFenced
    if (isFence || isFenced || line.startsWith('    ')) return []
    return [{ number: at + 1, text: line.replaceAll(/\]\([^)]*\)/g, ']()') }]
  })
}

/** Lines above 120 columns. A row of a table can't be wrapped. */
export function wideLines(document: Source): string[] {
  return proseOf(document)
    .filter(({ text }) => text.length > MAX_COLUMNS && !text.startsWith('|'))
    .map(({ number, text }) => `${document.path}:${number}: ${text.length} columns`)
}
