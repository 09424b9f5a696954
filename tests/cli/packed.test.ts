import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { buildPackage } from './packed.ts'
import { bareEnvironment, emptyFolder, runCli, runJson } from './run-cli.ts'
import { removeFolder } from '../remove-folder.ts'

let packed: string
let main: string

beforeAll(async () => {
  packed = await buildPackage()
  main = join(packed, 'dist/cli/main.js')
}, 60_000)

afterAll(() => removeFolder(packed))

test('the compiled command line previews, and says nothing else', async () => {
  const args = [
    'preview',
    '--cron',
    '30 2 * * *',
    '--timezone',
    'America/New_York',
    '--from',
    '2026-03-08T00:00:00Z',
    '--count',
    '1'
  ]
  const fire = { at: '2026-03-08T07:00:00.000Z', local: '2026-03-08T03:00:00', offset: '-04:00', transition: 'gap' }
  expect(await runJson(args, { main })).toEqual({ status: 0, stderr: '', answer: { fires: [fire] } })
})

test('the compiled command line makes books, and keeps its own counsel about SQLite', async () => {
  const cwd = emptyFolder()
  const migrated = await runJson<object>(['migrate'], { main, cwd })
  expect(migrated).toMatchObject({ status: 0, stderr: '', answer: { pending: [] } })
  const { stderr, answer } = await runJson<object>(['verify'], { main, cwd })
  expect(stderr).toBe('')
  expect(answer).toEqual({ ok: true, from: expect.any(String), to: expect.any(String), schedules: [] })
})

test('the compiled command line names the Node that is too old, and reads nothing else', () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })`
  const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, main, '--version']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^error: Escapement needs Node 22.18 or later, and this is Node 20.1.0 .*\n$/)
})

test('the compiled library understands cron', () => {
  const code = `import { cron } from ${JSON.stringify(join(packed, 'dist/index.js'))}
    const trigger = cron('30 2 * jan-dec 0,7', { timezone: 'America/New_York', dst: { gap: 'shift', overlap: 'last' } })
    const next = trigger.next(Date.UTC(2026, 2, 7))
    process.stdout.write(JSON.stringify([next, trigger.previous(next + 1)]))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  const at = Date.UTC(2026, 2, 8, 7, 30)
  expect(JSON.parse(stdout)).toEqual([at, at])
})

test('init refuses a folder that is not empty', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  const { status, stderr, stdout } = await runCli(['init'], { main, cwd: folder })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('has files of its own (notes.txt)')
})

test('init where npm has installed keeps what is there', async () => {
  const folder = emptyFolder()
  const there = {
    name: 'shop',
    version: '2.0.0',
    type: 'commonjs',
    main: 'index.js',
    scripts: { test: 'echo "Error: no test specified" && exit 1', lint: 'lint .' },
    dependencies: { escapement: '^0.1.0', left: '1.0.0' }
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(there))
  writeFileSync(join(folder, 'README.md'), 'mine')
  mkdirSync(join(folder, 'node_modules'))
  const { status, answer } = await runJson<{ files: string[]; next: string[] }>(['init'], { main, cwd: folder })
  expect([status, answer.next]).toEqual([0, ['npm start']])
  expect(answer.files).not.toContain('README.md')
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
  const merged = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: object }
  expect(merged).toMatchObject({
    name: 'shop',
    version: '2.0.0',
    type: 'module',
    scripts: { lint: 'lint .', start: expect.stringMatching(/^exec node /) },
    dependencies: there.dependencies
  })
  expect(merged).not.toHaveProperty('main')
  expect(merged.scripts).not.toHaveProperty('test')
  const broken = emptyFolder()
  writeFileSync(join(broken, 'package.json'), '[]')
  expect(await runCli(['init'], { main, cwd: broken })).toMatchObject({ status: 2, stdout: '' })
})

test('init for PostgreSQL brings its driver, and a place for the address', async () => {
  const folder = emptyFolder()
  const { status, answer } = await runJson<{ files: string[]; next: string[] }>(['init', '--database', 'postgres'], {
    main,
    cwd: folder
  })
  expect([status, answer.next]).toEqual([0, ['npm install', 'edit .env: the address of the database', 'npm start']])
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object }
  expect(dependencies).toMatchObject({ pg: '^8.23.0' })
  expect(readFileSync(join(folder, '.env'), 'utf8')).toMatch(/^ESCAPEMENT_DATABASE_URL=postgres:\/\//)
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('\n.env\n')
})

test('init writes an app that runs after npm install', { timeout: 600_000 }, async () => {
  const parent = emptyFolder()
  const app = join(parent, 'My App')
  mkdirSync(app)
  const { status, answer } = await runJson<{ files: string[]; next: string[] }>(['init', 'My App'], {
    main,
    cwd: parent
  })
  expect(status).toBe(0)
  expect(answer.files).toEqual([
    'package.json',
    'escapement.config.ts',
    'server.ts',
    '.env.example',
    '.gitignore',
    'Dockerfile',
    '.dockerignore',
    'README.md'
  ])
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as {
    name: string
    scripts: { start: string }
    dependencies: object
  }
  expect(manifest).toMatchObject({ name: 'my-app', dependencies: { escapement: `file:${packed}` } })
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts']
  const installed = spawnSync('npm', install, { cwd: app, env: bareEnvironment, encoding: 'utf8' })
  expect(installed.status, installed.stderr).toBe(0)

  const [exec, program, ...args] = manifest.scripts.start.split(' ')
  expect([exec, program]).toEqual(['exec', 'node'])
  const server = spawn(process.execPath, args, {
    cwd: app,
    env: { ...bareEnvironment, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const url = await listensAt(server)
  const posted = await fetch(`${url}/greet/ann`, { method: 'POST' })
  expect(posted.status).toBe(202)
  const { id } = (await posted.json()) as { id: string }
  await vi.waitUntil(async () => (await seenJobs(url)).some(job => job.id === id && job.state === 'completed'), {
    timeout: 60_000,
    interval: 50
  })
  // While it runs: a fire time that comes due after its end, and is older than 5 s when it is looked at, is missing indeed.
  const verified = await runJson<{ schedules: { id: string }[] }>(['verify'], { main, cwd: app })
  expect(verified).toMatchObject({ status: 0, answer: { ok: true } })
  expect(verified.answer.schedules.map(({ id }) => id)).toEqual(['greet-each-morning', 'greet-often'])

  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
})

async function listensAt(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const url = /^http:\S+/.exec(line)?.[0]
    if (url !== undefined) return url
  }
  throw new Error('the server ended before it listened')
}

async function seenJobs(url: string): Promise<{ id: string; state: string }[]> {
  const answer = (await (await fetch(url)).json()) as { jobs: { id: string; state: string }[] }
  return answer.jobs
}
