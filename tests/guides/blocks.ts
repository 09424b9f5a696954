import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { removeFolder } from '../remove-folder.ts'

const root = join(import.meta.dirname, '../..')

export interface Block {
  readonly language: string
  /** What its first line calls it, as a comment. */
  readonly name: string
  readonly text: string
}

/** The documents for users, by their paths from the root. */
export const documents: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'deploy/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.md'))
    .map(path => join('docs', path))
    .toSorted()
]

export const textOf = (document: string): string => readFileSync(join(root, document), 'utf8')

/** The program of the README. */
export const tenLines = /```ts\n(.*?)```/s.exec(textOf('README.md'))?.[1] ?? ''

/** The fenced blocks of a guide, in their order. */
export const blocksOf = (guide: string): Block[] => blocksIn(textOf(join('docs/guides', guide)))

/** The fenced blocks of a text, in their order. The ten lines of the README have no line to spare for a name. */
export const blocksIn = (text: string): Block[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    name: /^(?:\/\/|--|#) (.*)\n/.exec(block)?.[1] ?? (block === tenLines ? 'app.ts' : ''),
    text: block
  }))

/** The languages of all fences that open a block, also of those that `blocksIn` would not find. */
export function fencesIn(text: string): string[] {
  let isOpen = false
  return [...text.matchAll(/^[ >\t]*(?:`{3,}|~{3,})(.*)$/gm)].flatMap(([, info = '']) => {
    isOpen = !isOpen
    return isOpen ? [info.trim()] : []
  })
}

/** Writes programs, and what they lack, into a folder from which they find what this package finds; it goes with the test. */
export function writePrograms(files: readonly Pick<Block, 'name' | 'text'>[]): string {
  mkdirSync(join(root, 'var'), { recursive: true })
  const folder = mkdtempSync(join(root, 'var', 'guide-'))
  onTestFinished(() => removeFolder(folder))
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
