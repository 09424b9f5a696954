import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servesInFour } from './four-processes.ts'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('small')
  project.writeBlocks('escapement.js', 'express.js', 'commonjs.cjs', 'http.js')
}, 600_000)

afterAll(() => project.remove())

const node = (file: string) => ({ command: process.execPath, args: [file] })

test('Express', () => servesInFour(project, node('express.js')))

test('CommonJS', () => servesInFour(project, node('commonjs.cjs')))

test.each(['cjs', 'esm'])('esbuild, as %s, without a warning', async format => {
  const bundle = `out/http.${format === 'cjs' ? 'cjs' : 'mjs'}`
  const esbuild = [project.script('esbuild/bin/esbuild'), 'http.js', '--bundle', '--platform=node']
  const said = project.run(process.execPath, ...esbuild, `--format=${format}`, `--outfile=${bundle}`)
  expect(said).not.toMatch(/\b(warning|error)\b/i)
  await servesInFour(project, node(bundle))
})

test('what an optional peer is needed for says so', () => {
  const code = `import('escapement').then(({ createEscapement }) =>
    createEscapement({ database: 'memory:', logger: false, coordination: { backend: 'redis', redisUrl: 'redis://x' } }).start()
  ).catch(error => console.log(error.code, error.message))`
  expect(project.run(process.execPath, '-e', code)).toMatch(/^config-invalid .*npm install redis/)
})

test('the package has at most 2 MB, and an install at most 25 packages', () => {
  const own = join(project.folder, 'node_modules/escapement')
  const files = readdirSync(own, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const size = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  expect(size).toBeLessThan(2_000_000)
  const others = new Set(packagesOf(project, ['express', 'esbuild']))
  expect(packagesOf(project, ['escapement']).filter(name => !others.has(name)).length).toBeLessThanOrEqual(25)
})

/** The packages that an install of these brings, with themselves. */
function packagesOf(from: Project, roots: readonly string[]): string[] {
  const { packages } = JSON.parse(from.read('node_modules/.package-lock.json')) as {
    packages: Record<string, { dependencies?: object }>
  }
  const found = new Set<string>()
  const add = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const next of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) add(next)
  }
  for (const name of roots) add(name)
  return [...found]
}
