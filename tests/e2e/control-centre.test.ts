// System 4, line by line: each test is named after the line of the acceptance list that it holds.
import { chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as pass } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { bareEnvironment, runCli } from '../cli/run-cli.ts'
import { findProgram } from '../services/find-program.ts'
import { freePort } from '../services/ports.ts'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

const root = join(import.meta.dirname, '../..')
const main = '../../dist/cli/main.js'
const config = join(root, 'examples/control-centre/escapement.config.ts')
const TOKEN = 'a-token-of-the-control-centre'
const NAMES = ['embu_sla', 'extrema_sla', 'bonus_calc', 'store_status']

const settingsOf = (folder: string): Readonly<Record<string, string>> => ({
  DATABASE_URL: `sqlite:${join(folder, 'books.db')}`,
  CENTRE_FILE: join(folder, 'centre.db'),
  ESCAPEMENT_RUN_DIR: join(folder, 'run'),
  SCHEDULER_API_TOKEN: TOKEN,
  CENTRE_EVERY: '1s'
})

/** The example as a user starts it, but with jobs every second. */
async function started(folder: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const app = new LinesProcess(main, ['start', '--config', config, '--port', '0', ...args], {
    ...settingsOf(folder),
    ...env
  })
  const url = /http:\S+/.exec(await app.line(/web, scheduler, worker at http:/))![0]
  const ask = (path: string, headers = {}) => fetch(url + path, { headers: { accept: 'application/json', ...headers } })
  return { app, ask }
}

test.each([
  ['production', 1, 'info'],
  ['development', 3, 'debug']
])('4.1 and 4.2: the defaults, in %s', async (mode, maxInstances, level) => {
  const args = ['start', '--config', config, '--print-config', '--json']
  const { stdout, status } = await runCli(args, { env: { ...settingsOf(freshFolder()), NODE_ENV: mode } })
  expect(status).toBe(0)
  for (const [name, value] of Object.entries({
    timezone: 'America/Sao_Paulo',
    misfireGrace: 300_000,
    coalesce: 'latest',
    maxInstances,
    level
  }))
    expect(stdout, name).toMatch(new RegExp(`"${name}(Ms)?":[^}]*${value}|${name}[^}]*${value}`))
})

test('4.3, 4.4, 4.6 and 4.7: over a restart nothing is lost or doubled, and each job says how it went', async () => {
  const folder = freshFolder()
  const first = await started(folder, { CENTRE_MISFIRE_GRACE: '2s' })
  expect(first.app.output().match(/Scheduler initialized with 12 jobs/g)).toHaveLength(1)
  for (const name of NAMES) {
    await first.app.line(new RegExp(`Starting ${name}$`))
    await first.app.line(new RegExp(`${name} completed successfully in \\d+\\.\\d\\ds$`))
  }
  await first.ask('/')
  expect((await first.app.ended('SIGTERM')).code).toBe(0)
  // Longer than the grace of this test, so that there is something to leave out.
  await pass(4_000)
  const second = await started(folder, { CENTRE_MISFIRE_GRACE: '2s' })
  for (const name of NAMES) await second.app.line(new RegExp(`${name} completed successfully`))
  expect((await second.app.ended('SIGTERM')).code).toBe(0)
  const store = await callerOn(join(folder, 'books.db')).store()
  for (const name of NAMES) {
    const rows = (await store.latestLedger(name, 100)).toReversed()
    expect(rows.some(({ outcome }) => outcome === 'misfired')).toBe(true)
    for (const [index, { fireAt }] of rows.entries())
      if (index > 0) expect(fireAt).toBe(rows[index - 1]!.lastFireAt + 1_000)
  }
  const verified = await runCli(['verify'], { env: settingsOf(folder) })
  expect(verified, verified.stdout).toMatchObject({ status: 0 })
})

test('4.4: a start that fails says so, and nothing runs', async () => {
  const app = await runCli(['start', '--config', config], {
    env: { ...settingsOf(freshFolder()), CENTRE_EVERY: 'often' }
  })
  expect(app.status).not.toBe(0)
  expect(app.stderr).toContain('"often"')
  expect(app.stdout).not.toContain('Scheduler initialized')
})

test('4.5 and 4.6: a job that fails is told, with how long it took and why', async () => {
  const { app } = await started(freshFolder(), { CENTRE_FAULT: 'bonus_calc:fail' })
  await app.line(/bonus_calc failed after \d+\.\d\ds: the warehouse does not respond$/)
  await app.line(/ALERT failed bonus_calc/)
  await app.line(/store_status completed successfully/)
  expect((await app.ended('SIGTERM')).code).toBe(0)
})

test('4.5: a job that hangs is stopped at its limit, recorded and alerted', async () => {
  const folder = freshFolder()
  const { app } = await started(folder, { CENTRE_FAULT: 'store_status:hang', CENTRE_LIMIT: '1s' })
  await app.line(/store_status failed after 1\.\d\ds/)
  await app.line(/ALERT failed store_status/)
  expect((await app.ended('SIGTERM')).code).toBe(0)
  const store = await callerOn(join(folder, 'books.db')).store()
  const { items } = await store.listJobs({ task: 'store_status', state: 'discarded' }, { limit: 1 })
  expect(items).toHaveLength(1)
})

test('4.5: a job that outruns its limit and then succeeds is alerted as well', async () => {
  const { app } = await started(freshFolder(), { CENTRE_FAULT: 'store_status:overrun', CENTRE_LIMIT: '1s' })
  await app.line(/"event":"job.timed-out".*store_status/)
  await app.line(/store_status completed successfully in [45]\.\d\ds/)
  await app.line(/ALERT too-long store_status/)
  expect((await app.ended('SIGKILL')).signal).toBe('SIGKILL')
})

test('4.8 and 4.9: health and metrics are where monitors look', async () => {
  const { app, ask } = await started(freshFolder())
  expect(await (await ask('/health')).json()).toEqual({
    status: 'ok',
    scheduler_running: true,
    redis_connected: null,
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/)
  })
  expect((await ask('/metrics')).status).toBe(401)
  const authorization = `Bearer ${TOKEN}`
  const share = expect.any(Number)
  expect(await (await ask('/metrics', { authorization })).json()).toMatchObject({
    cpu_percent: share,
    memory_percent: share,
    disk_usage: share
  })
  const text = await (await ask('/metrics', { authorization, accept: 'text/plain' })).text()
  expect(text).toMatch(/^escapement_fires_total\{decision="fired"\} \d+$/m)
  expect(await (await ask('/')).text()).toContain('embu_sla')
  expect((await app.ended('SIGTERM')).code).toBe(0)
})

test('4.11: Supervisor runs it as www-data, restarts it, and keeps its errors apart', async () => {
  const folder = freshFolder()
  const isRoot = process.getuid?.() === 0
  for (const name of ['var', 'logs']) mkdirSync(join(folder, name))
  symlinkSync(join(root, 'examples'), join(folder, 'examples'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const user = Number(spawnSync('id', ['-u', 'www-data'], { encoding: 'utf8' }).stdout)
  if (isRoot) {
    chownSync(folder, user, user)
    chownSync(join(folder, 'var'), user, user)
  }
  const port = await freePort()
  const program = readFileSync(join(root, 'examples/control-centre/deploy/control-centre.conf'), 'utf8')
    .replace('/usr/bin/node node_modules/escapement/dist', `${process.execPath} ${root}/dist`)
    .replaceAll('/srv/control-centre', folder)
    .replaceAll('/var/log/supervisor', join(folder, 'logs'))
    .replace('PORT="5000"', `PORT="${port}",CENTRE_EVERY="1s",CENTRE_FAULT="bonus_calc:fail"`)
    .replace('user=www-data\n', isRoot ? 'user=www-data\n' : '')
  const supervisor = `[supervisord]\nnodaemon=true\n${isRoot ? 'user=root' : ''}\nlogfile=${folder}/logs/supervisord.log\npidfile=${folder}/s.pid\n`
  writeFileSync(join(folder, 'supervisord.conf'), supervisor + program)
  const child = spawn(findProgram('supervisord')!, ['-c', join(folder, 'supervisord.conf')], {
    env: bareEnvironment,
    stdio: 'ignore'
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const log = (name: string): string => readFileSync(join(folder, 'logs', name), 'utf8')
  const pidIn = (text: string): number => Number(/initialized with 12 jobs \(pid (\d+)\)/.exec(text)?.[1])
  const ready = { timeout: 60_000, interval: 100 }
  await expect.poll(() => log('control-centre.log'), ready).toContain('store_status completed successfully')
  await expect.poll(() => log('control-centre.err.log'), ready).toContain('bonus_calc failed after')
  expect(log('control-centre.log')).not.toContain('bonus_calc failed after')
  const pid = pidIn(log('control-centre.log'))
  if (isRoot) expect(statSync(`/proc/${pid}`).uid).toBe(user)
  process.kill(pid, 'SIGKILL')
  const starts = (): number => log('control-centre.log').split('initialized with 12 jobs').length - 1
  await expect.poll(starts, ready).toBe(2)
  const health = () => fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status, String)
  await expect.poll(health, ready).toBe(200)
})

test('4.12: twelve jobs on four web processes, each fire time once', async () => {
  const folder = freshFolder()
  const { app } = await started(folder, {}, ['--topology', 'everywhere', '--web', '4'])
  for (const name of NAMES)
    for (let fires = 0; fires < 3; fires++) await app.line(new RegExp(`${name} completed successfully`))
  expect((await app.ended('SIGTERM')).code).toBe(0)
  expect(app.output().match(/Scheduler initialized with 12 jobs/g)).toHaveLength(4)
  const store = await callerOn(join(folder, 'books.db')).store()
  for (const name of NAMES) {
    const rows = await store.latestLedger(name, 100)
    const { items } = await store.listJobs({ task: name }, { limit: 200 })
    expect(items).toHaveLength(rows.filter(({ outcome }) => outcome === 'fired').length)
    expect(new Set(items.map(({ fireAt }) => fireAt)).size).toBe(items.length)
  }
})

test('4.13 and 4.14: doctor goes through the checklist, and names an option that is the disease', async () => {
  const folder = freshFolder()
  const env = { ...settingsOf(folder), NODE_ENV: 'production' }
  const { app } = await started(folder, { NODE_ENV: 'production', HOST: '127.0.0.1' })
  const checks = async (more: Readonly<Record<string, string>> = {}) => {
    const { stdout } = await runCli(['doctor', '--config', config, '--json'], { env: { ...env, ...more } })
    return (JSON.parse(stdout) as { findings: { check: string }[] }).findings.map(({ check }) => check)
  }
  expect(await checks()).toEqual([])
  expect(await checks({ ESCAPEMENT_LOG_LEVEL: 'silent' })).toEqual(['log-silent'])
  expect((await app.ended('SIGTERM')).code).toBe(0)
  const wide = join(folder, 'wide.config.ts')
  writeFileSync(
    wide,
    `import centre from ${JSON.stringify(config)}
export default { ...centre, defaults: { ...centre.defaults, maxInstances: 10_000 }, alerts: {} }\n`
  )
  const { stdout } = await runCli(['doctor', '--config', wide, '--json'], { env })
  const found = (JSON.parse(stdout) as { findings: { check: string }[] }).findings.map(({ check }) => check)
  expect(found).toEqual(expect.arrayContaining(['scheduler-missing', 'alerts-without-channel', 'overlap-wide']))
})
