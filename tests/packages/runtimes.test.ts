import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servesInFour } from './four-processes.ts'
import { Project } from './project.ts'

let project: Project

beforeAll(async () => {
  project = await Project.install('runtimes')
  // Installs here run no scripts, and both put their programs into place by one. Deno's stand-in without it would end at
  // a signal and leave the program running.
  project.run(process.execPath, project.script('bun/install.js'))
  project.run(process.execPath, project.script('deno/install.cjs'))
  project.writeBlocks('escapement.js', 'http.js')
}, 600_000)

afterAll(() => project.remove())

const bin = (name: string): string => join(project.folder, 'node_modules/.bin', name)
const deno = (): string => project.script('deno/deno')

test('Bun', () => servesInFour(project, { command: bin('bun'), args: ['http.js'] }))

test('Deno', () => servesInFour(project, { command: deno(), args: ['run', '--allow-all', 'http.js'] }))

test.each([
  ['bun', []],
  ['deno', ['run', '--allow-all']]
])('%s, with books in memory', (name, args) => {
  const code = `
import { createEscapement, task } from 'escapement'
const greet = task('greet', { handler: () => ran.resolve() })
const ran = Promise.withResolvers()
const escapement = createEscapement({ database: 'memory:', tasks: [greet], logger: false })
await escapement.start()
await escapement.enqueue(greet, null)
await ran.promise
await escapement.stop()
console.log('stopped')
`
  project.write('memory.js', code)
  expect(project.run(bin(name), ...args, 'memory.js')).toContain('stopped')
})

test('pnpm, which hides the dependencies of a dependency', async () => {
  const own = await Project.install('small')
  try {
    own.writeBlocks('escapement.js', 'http.js')
    own.run('rm', '-rf', 'node_modules', 'package-lock.json')
    own.run(bin('pnpm'), 'install', '--ignore-scripts', '--prefer-offline')
    expect(existsSync(join(own.folder, 'node_modules/hono'))).toBe(false)
    await servesInFour(own, { command: process.execPath, args: ['http.js'] })
  } finally {
    own.remove()
  }
})
