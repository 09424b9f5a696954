import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assertNode } from '../src/node-version.ts'
import { nodeProblem, OLDEST_NODE } from '../src/node-version.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

test.each(['18.20.4', '20.19.0', '22.17.1', '21.7.3'])('Node %s is too old, and named', version => {
  expect(nodeProblem(version)).toMatch(
    `Escapement needs Node 22.18 or later, and this is Node ${version} (${process.execPath})`
  )
})

test.each(['22.18.0', '22.23.1', '24.0.0', '26.1.0', process.versions.node])('Node %s is not', version => {
  expect(nodeProblem(version)).toBeUndefined()
})

test('package.json says the same', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ engines: { node: `>=${OLDEST_NODE}` } })
})

test('it is looked at before anything that an older Node could not link', () => {
  expect(read('src/cli/main.ts').match(/^import .*$/gm)).toEqual(["import { nodeProblem } from '../node-version.ts'"])
  for (const face of ['index', 'postgres', 'sqlite', 'testing'])
    expect(read(`src/${face}.ts`)).toMatch(/^assertNode\(\)$/m)
  expect(read('src/node-version.ts')).not.toMatch(/^import/m)
})

test('a package that is loaded by an older Node says so', () => {
  expect(() => assertNode({ node: '20.19.0' })).toThrow('this is Node 20.19.0')
  expect(() => assertNode({ node: '20.19.0', bun: '1.3.0' })).not.toThrow()
  expect(() => assertNode()).not.toThrow()
})
