import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether layouts are written instead of read: `ESCAPEMENT_WRITE_LAYOUT=1 npm test -- tests/stores`. */
export const isWriting = process.env['ESCAPEMENT_WRITE_LAYOUT'] === '1'

const HEADER = `-- Books of an earlier layout, as the code of that time made and filled them. A published layout is never changed.
-- The next one is one more file like this: ESCAPEMENT_WRITE_LAYOUT=1 npm test -- tests/stores/postgres/schema/layouts.test.ts tests/stores/sqlite/layouts.test.ts
`

/** One file of this folder. `load` are the statements by which a process of that release enqueues, claims and completes. */
export interface LayoutFile {
  readonly schema: string
  readonly rows: string
  /** What the books hold, as JSON. */
  readonly records: string
  readonly enqueue: string
  readonly claim: string
  readonly complete: string
}

const parts = ['schema', 'rows', 'records', 'enqueue', 'claim', 'complete'] as const

const pathOf = (store: string, number: number): string => join(import.meta.dirname, `${store}-${number}.sql`)

export function writeLayout(store: string, number: number, file: LayoutFile): void {
  const sections = parts.map(
    part => `-- @${part}\n${part === 'records' ? `/* ${file.records} */` : file[part].trim()}\n`
  )
  writeFileSync(pathOf(store, number), `${HEADER}\n${sections.join('\n')}`)
}

export function readLayout(store: string, number: number): LayoutFile {
  const text = readFileSync(pathOf(store, number), 'utf8')
  const sectionOf = (part: string): string => text.split(`\n-- @${part}\n`)[1]?.split('\n-- @')[0] ?? ''
  const file = Object.fromEntries(parts.map(part => [part, sectionOf(part)])) as unknown as LayoutFile
  return { ...file, records: file.records.trim().replace(/^\/\*|\*\/$/g, '') }
}

/** The layouts of a store, from the oldest on. */
export function layoutsOf(store: string): number[] {
  const numbers = readdirSync(import.meta.dirname).map(name => new RegExp(`^${store}-(\\d+)\\.sql$`).exec(name)?.[1])
  return numbers
    .filter(number => number !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}
