import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')

export interface Block {
  readonly language: string
  /** What its first line calls it, as a comment. */
  readonly name: string
  readonly text: string
}

/** The fenced blocks of a guide, in their order. */
export function blocksOf(guide: string): Block[] {
  const text = readFileSync(join(root, 'docs/guides', guide), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    name: /^(?:\/\/|--) (.*)\n/.exec(block)?.[1] ?? '',
    text: block
  }))
}

/** Writes programs, and what they lack, into a folder from which they find what this package finds; it goes with the test. */
export function writePrograms(files: readonly Pick<Block, 'name' | 'text'>[]): string {
  mkdirSync(join(root, 'var'), { recursive: true })
  const folder = mkdtempSync(join(root, 'var', 'guide-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const { name, text } of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
