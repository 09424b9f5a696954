import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { programPath } from '../services/program.ts'
import { freshDatabase, serverUrl } from '../stores/postgres/server.ts'
import { emptyFolder, runCli, runJson } from './run-cli.ts'
import { migrations } from '../../src/stores/postgres/migrations/all.ts'

const numbers = migrations.map(({ number }) => number)

/** With a password that nothing may repeat; the server asks for none. */
const withSecret = (url: string): string => url.replace('postgres@', 'postgres:secret@')

describe('books in PostgreSQL', () => {
  test('are looked at, made, and found made', async () => {
    const url = withSecret(await freshDatabase())
    const env = { DATABASE_URL: url, ESCAPEMENT_DATABASE_SCHEMA: 'ships' }
    const dry = await runJson<object>(['migrate', '--dry-run'], { env })
    expect(dry).toMatchObject({ status: 1, answer: { dryRun: true, applied: [], pending: numbers } })
    const missing = await runCli(['status'], { env })
    expect(missing.status).toBe(1)
    expect(missing.stderr).toMatch(
      /There are no books at postgres:\/\/postgres@127.*, schema ships: start the app once/
    )
    const made = await runJson<object>(['migrate'], { env })
    expect(made).toMatchObject({ status: 0, answer: { applied: numbers, pending: [] } })
    expect(await runJson<object>(['migrate'], { env })).toMatchObject({ status: 0, answer: { applied: [] } })
    expect(JSON.stringify([dry, missing, made])).not.toContain('secret')
  })

  test('tell their connections and their clock', async () => {
    const database = await freshDatabase()
    await runCli(['migrate', '--database', database])
    const { answer } = await runJson<{ clockSkewMs: number }>(['status', '--database', database])
    expect(answer).toMatchObject({ database, connectionsEach: 6, nodes: [] })
    expect(Math.abs(answer.clockSkewMs)).toBeLessThan(10_000)
    const { stdout } = await runCli(['status', '--database', database])
    expect(stdout).toMatch(/Connections: at most 6 in each process/)
    expect(stdout).toMatch(/Clock: the database's, which decides what is due, is \d+ ms/)
  })

  test('are made by hand from the printed statements', async () => {
    const database = await freshDatabase()
    const { status, stdout } = await runCli(['migrate', '--sql', '--database', database])
    expect(status).toBe(0)
    const psql = [programPath('psql'), '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--dbname', database]
    const run = spawnSync(psql[0]!, psql.slice(1), { input: stdout, encoding: 'utf8' })
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' })
    expect(await runJson<object>(['migrate', '--dry-run', '--database', database])).toMatchObject({ status: 0 })
  })

  test('print the functions alone where no migration is left to be applied', async () => {
    const { stdout } = await runCli(['migrate', '--sql', '--after', String(numbers.length), '--database', serverUrl()])
    expect(stdout).toMatch(/^BEGIN;\n[^]*\nSET LOCAL search_path TO "escapement", pg_temp;\n[^]*\nCOMMIT;\n$/)
    expect([...stdout.matchAll(/^CREATE (?!OR REPLACE (?:FUNCTION|VIEW)).*/gm)]).toEqual([])
  })

  test.each([
    [['--sql', '--database', 'sqlite:app.db'], '--sql is for books in PostgreSQL'],
    [['--after', '1', '--database', 'postgres://db/app'], '--after needs --sql']
  ])('migrate %j is wrong use', async (args, message) => {
    const { status, stderr } = await runCli(['migrate', ...args])
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  test('take the package pg, which others do without', async () => {
    const refusing = `import { registerHooks } from 'node:module'
registerHooks({ resolve(specifier, context, next) {
  if (specifier !== 'pg') return next(specifier, context)
  throw Object.assign(new Error('There is no pg.'), { code: 'ERR_MODULE_NOT_FOUND' })
} })`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(refusing)}` }
    const { status, stderr } = await runCli(['status', '--database', 'postgres://127.0.0.1:1/app'], { env })
    expect({ status, stderr: stderr.trim() }).toEqual({ status: 1, stderr: expect.stringContaining('npm install pg') })
    const folder = emptyFolder()
    expect((await runCli(['migrate', '--database', 'sqlite:app.db'], { env, cwd: folder })).status).toBe(0)
  })

  test('that can’t be reached are named without the password', async () => {
    const { status, stderr } = await runCli(['status', '--database', 'postgres://me:secret@127.0.0.1:1/app'])
    expect(status).toBe(1)
    expect(stderr).toContain('database "app" at 127.0.0.1:1 could not be used')
    expect(stderr).not.toContain('secret')
  })
})
