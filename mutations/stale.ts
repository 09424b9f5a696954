import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceOnce } from '../scripts/replace-once.ts'
import { importsOf } from '../tests/tidy/imports.ts'
import { everyFile, root, type Source } from '../tests/tidy/sources.ts'
import { nodesOf } from '../tests/tidy/syntax.ts'
import type { Guard, NearestTest } from './guard.ts'

/** What keeps guards from being tried, a line each with the guard's name: something was moved, renamed or reworded. */
export function staleEntries(guards: readonly Guard[]): string[] {
  const names = guards.map(({ name }) => name)
  const doubled = names.filter((name, at) => names.indexOf(name) !== at)
  return [
    ...doubled.map(name => `${name}: another guard has this name`),
    ...guards.flatMap(guard => faultsOf(guard).map(fault => `${guard.name}: ${fault}`))
  ]
}

const faultsOf = (guard: Guard): string[] => [...faultOfChange(guard), ...guard.tests.flatMap(faultOfTest)]

function faultOfChange({ file, text, put }: Guard): string[] {
  if (!existsSync(join(root, file))) return [`${file} is not there${whereNow(text)}`]
  if (text === put) return ['the replacement changes nothing']
  try {
    nodesOf({ path: file, text: replaceOnce(read(file).text, text, put) })
    return []
  } catch (error) {
    return [`${file}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** The files that have the text now: where one was moved to, most likely. */
function whereNow(text: string): string {
  const having = everyFile(join(root, 'src')).filter(source => source.text.includes(text))
  return having.map(({ path }) => `; ${path} has its text`).join('')
}

function faultOfTest([file, title]: NearestTest): string[] {
  if (!existsSync(join(root, file))) return [`${file} is not there`]
  if (title === undefined || withImports(file).some(({ text }) => text.includes(title))) return []
  return [`no test of ${file} is called "${title}"`]
}

const sources = new Map<string, Source>()

function read(path: string): Source {
  let source = sources.get(path)
  if (source === undefined) sources.set(path, (source = { path, text: readFileSync(join(root, path), 'utf8') }))
  return source
}

/** The test file, and the files of tests that it imports: one suite serves several stores. */
function withImports(path: string, seen = new Set<string>()): Source[] {
  if (seen.has(path) || !path.startsWith('tests/')) return []
  seen.add(path)
  return [read(path), ...importsOf(read(path)).flatMap(target => withImports(target, seen))]
}
