import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { duplicatesIn } from '../../scripts/figures/duplicates.ts'
import { fileLengths, foldersOf, functionLengths } from '../../scripts/figures/lengths.ts'
import { testsIn } from '../../scripts/figures/tests.ts'
import { wordsOf } from '../../scripts/figures/words.ts'

const source = (path: string, text: string) => ({ path, text })
const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `const line${from + at} = ${from + at}\n`).join('')

test('lengths of files and functions, and the largest folder', () => {
  const sources = [
    source('src/a/one.ts', 'function one(): void {\n  two()\n}\nconst two = () => 2\n'),
    source('src/a/two.ts', 'export const three = 3\n'),
    source('src/b/three.ts', `function four(): void {\n${'  two()\n'.repeat(70)}}\n`)
  ]
  expect(fileLengths(sources)).toEqual({ count: 3, median: 4, max: 72, total: 77 })
  expect(functionLengths(sources)).toEqual({ count: 2, median: 72, max: 72, arrows: 1, tooLong: 1 })
  expect(foldersOf(sources)).toEqual({ count: 2, largest: 'src/a', files: 2 })
})

test('stretches of eight equal lines are duplicates, whatever stands between them that is no code', () => {
  const one = source('src/a.ts', numbered(0, 20))
  const other = source('src/b.ts', `import a from 'a'\n${numbered(5, 5)}\n// why\n${numbered(10, 5)}${numbered(90, 9)}`)
  expect(duplicatesIn([one, other])).toEqual({ lines: 10, ofLines: 39, locations: ['src/a.ts:6 = src/b.ts:2'] })
  expect(duplicatesIn([one, source('src/b.ts', numbered(5, 7))]).locations).toEqual([])
})

test('a word is one that is defined twice in a family of rooms; each store is a family of its own', () => {
  const claim = 'export function claim(): void {}\n'
  const stores = [source('src/stores/sqlite/claim.ts', claim), source('src/stores/postgres/claim.ts', claim)]
  expect(wordsOf(stores)).toEqual({ count: 2, several: [] })
  const rooms = [
    source('src/core/job/job.ts', 'export interface Report {}\n'),
    source('src/cli/a.ts', 'export type Report = 1\n')
  ]
  expect(wordsOf(rooms).several).toEqual(['Report: src/core/job/job.ts, src/cli/a.ts'])
  expect(wordsOf([source('src/index.ts', "export { Report } from './core/job.ts'\n")]).count).toBe(0)
})

test('tests are counted as they are written', () => {
  const text = "test('a', () => 1)\ndescribe('b', () => { it('c', () => 2) })\ntest.each([1])('%i', () => 3)\n"
  expect(testsIn([source('tests/a.test.ts', text), source('tests/a.ts', '')])).toMatchObject({ files: 1, written: 3 })
})

test('all of it is measured', () => {
  const main = join(import.meta.dirname, '../../scripts/measure.ts')
  const args = ['--disable-warning=ExperimentalWarning', main, '--json']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const { functions, modules } = JSON.parse(stdout) as { functions: { tooLong: number }; modules: { own: number } }
  expect(functions.tooLong).toBe(0)
  expect(modules.own).toBeGreaterThan(20)
})
