import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort } from '../services/ports.ts'
import { servesInFour } from './four-processes.ts'
import { Project } from './project.ts'

let project: Project

const quiet = { NEXT_TELEMETRY_DISABLED: '1' }

beforeAll(async () => {
  project = await Project.install('next')
  project.writeBlocks('lib/escapement.js', 'instrumentation.js', 'app/api/v1/[...path]/route.js')
  // Where CI is set, Next warns of a build that finds no folder for its cache.
  project.write('.next/cache/.keep', '')
  project.write('app/layout.js', 'export default ({ children }) => <html><body>{children}</body></html>\n')
  project.write('app/page.js', "export const dynamic = 'force-dynamic'\nexport default () => <p>hello</p>\n")
}, 600_000)

afterAll(() => project.remove())

const next = (): string => project.script('next/dist/bin/next')

function build(...flags: readonly string[]): void {
  const { status, stdout, stderr } = project.attempt(process.execPath, [next(), 'build', ...flags], quiet)
  expect(status, stdout + stderr).toBe(0)
  expect(stdout + stderr).not.toMatch(/warning|not found|⚠/i)
}

test('built by webpack', { timeout: 900_000 }, async () => {
  build('--webpack')
  await servesInFour(project, { command: process.execPath, args: [next(), 'start'], env: quiet })
})

test('built by Turbopack, and as standalone in a folder of its own', { timeout: 900_000 }, async () => {
  project.write('next.config.js', "module.exports = { output: 'standalone' }\n")
  build()
  cpSync(join(project.folder, '.next/standalone'), join(project.folder, 'standalone'), { recursive: true })
  await servesInFour(project, {
    command: process.execPath,
    args: ['standalone/server.js'],
    env: quiet,
    books: 'standalone/app.db'
  })
  project.write('next.config.js', 'module.exports = {}\n')
  build()
  await servesInFour(project, { command: process.execPath, args: [next(), 'start'], env: quiet })
})

test('next dev takes up an edited handler', { timeout: 900_000 }, async () => {
  project.removeBooks()
  const port = String(await freePort())
  const server = project.start(process.execPath, [next(), 'dev'], { ...quiet, PORT: port })
  const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/api/v1/health/basic`)).status
  await vi.waitFor(async () => expect(await health()).toBe(200), { timeout: 240_000, interval: 100 })
  await server.line(/"task":"greet".*"msg":"hello"/)
  const edited = project.read('lib/escapement.js').replace(`log.info('hello')`, `log.info('edited')`)
  project.write('lib/escapement.js', edited)
  const taken = server.line(/"msg":"edited"/)
  let isTaken = false
  void taken.then(() => (isTaken = true))
  // The edited module is loaded with a request that uses it.
  await vi.waitFor(async () => expect([await health(), isTaken]).toEqual([200, true]), {
    timeout: 120_000,
    interval: 500
  })
  expect(await server.ended('SIGTERM')).toEqual({ code: 0, signal: null })
})
