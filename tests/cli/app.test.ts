import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bareEnvironment, emptyFolder, runCli, runJson } from './run-cli.ts'

const src = resolve(import.meta.dirname, '../../src')

/** An app whose task ends when it is told to: at once, or when its signal is aborted. */
const config = `
import { writeFileSync } from 'node:fs'
import { every, schedule, task } from '${src}/index.ts'

const mail = task('mail', {
  maxAttempts: 1,
  handler: async ({ payload, signal, job }) => {
    if (payload === null) return 'sent'
    if (payload.fail) throw new Error('no route')
    writeFileSync('began-' + job.id, '')
    await new Promise(resolve => signal.addEventListener('abort', resolve))
    signal.throwIfAborted()
  }
})
export default {
  name: 'cli-app',
  tasks: [mail],
  schedules: [schedule('yearly', { task: mail, trigger: every('52w', { start: '2026-01-01T00:00:00Z' }) })],
  logger: false
}
`

function app(): string {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'escapement.config.mjs'), config)
  return folder
}

interface Started {
  readonly process: ChildProcess
  readonly answer: Record<string, unknown> & { processes: { pid: number }[] }
  readonly stderr: () => string
}

/** `escapement start`, up to what it says when it has started. */
async function start(
  cwd: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {}
): Promise<Started> {
  const main = join(src, 'cli/main.ts')
  const child = spawn(process.execPath, [main, 'start', '--json', ...args], {
    cwd,
    env: { ...bareEnvironment, ...env }
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout) {
    stdout += text
    if (stdout.endsWith('}\n'))
      return { process: child, answer: JSON.parse(stdout) as Started['answer'], stderr: () => stderr }
  }
  throw new Error(`it did not start: ${stderr}`)
}

async function stop({ process: child }: Started, signals: readonly NodeJS.Signals[] = ['SIGTERM']): Promise<void> {
  for (const signal of signals) child.kill(signal)
  expect(await once(child, 'exit')).toEqual([0, null])
}

type Job = { id: string; state: string; result: unknown; errors: { message: string }[] }

async function jobState(cwd: string, id: string): Promise<Job> {
  return (await runJson<Job>(['jobs', 'show', id], { cwd })).answer
}

const until = (cwd: string, id: string, state: string) =>
  vi.waitUntil(async () => (await jobState(cwd, id)).state === state, { timeout: 60_000, interval: 100 })

async function enqueue(cwd: string, ...args: string[]): Promise<{ id: string; outcome: string }> {
  return (await runJson<{ id: string; outcome: string }>(['enqueue', 'mail', ...args], { cwd })).answer
}

describe('start', () => {
  test('says its roles and whence, works, and ends at SIGTERM', async () => {
    const cwd = app()
    const started = await start(cwd)
    expect(started.answer).toMatchObject({
      roles: ['web', 'scheduler', 'worker'],
      rolesFrom: 'default',
      topology: 'single',
      topologyFrom: 'default',
      tasks: ['mail'],
      schedules: ['yearly'],
      database: `sqlite:${join(cwd, 'escapement.db')}`,
      pid: started.process.pid,
      processes: [{ name: 'app.1', roles: ['web', 'scheduler', 'worker'], serves: 'api', api: 'all' }]
    })
    const { id } = await enqueue(cwd)
    await until(cwd, id, 'completed')
    expect(await jobState(cwd, id)).toMatchObject({ result: 'sent', errors: [] })
    expect((await runJson<object>(['status'], { cwd })).answer).toMatchObject({
      nodes: [{ phase: 'alive', pid: started.answer.processes[0]?.pid }],
      unknownTasks: []
    })
    await stop(started)
    expect((await runJson<object>(['status'], { cwd })).answer).toMatchObject({ nodes: [{ phase: 'left' }] })
    expect((await runCli(['verify'], { cwd })).status).toBe(0)
  })

  test('--roles goes before the environment, the environment before the default', async () => {
    const cwd = app()
    const asked = await start(cwd, ['--roles', 'worker'], { ESCAPEMENT_ROLES: 'web' })
    expect(asked.answer).toMatchObject({ roles: ['worker'], rolesFrom: '--roles' })
    await stop(asked, ['SIGINT'])
    const web = await start(cwd, [], { ENABLE_SCHEDULER: 'false' })
    expect(web.answer).toMatchObject({ roles: ['web'], rolesFrom: 'ENABLE_SCHEDULER' })
    await stop(web)
    expect(await runCli(['start', '--roles', 'manager'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"manager"')
    })
  })

  test('a second signal ends the wait for a handler, whose job is left for another', async () => {
    const cwd = app()
    const started = await start(cwd, ['--grace', '5m'])
    const { id } = await enqueue(cwd, '{}')
    await until(cwd, id, 'running')
    started.process.kill('SIGTERM')
    await vi.waitUntil(() => started.stderr().includes('SIGTERM: stopping'), { timeout: 60_000 })
    // One that follows at once would be the echo of the first.
    await pass(300)
    await stop(started)
    expect(started.stderr()).toContain('SIGTERM: stopping without waiting')
    expect((await jobState(cwd, id)).state).toBe('available')
  })
})

describe('operating', () => {
  test('pause, resume, run, remove', async () => {
    const cwd = app()
    await stop(await start(cwd))
    const schedule = async (verb: string, id = 'yearly') =>
      runJson<Record<string, unknown>>(['schedules', verb, id], { cwd })
    expect(await schedule('pause')).toMatchObject({
      status: 0,
      answer: { scheduleId: 'yearly', phase: 'paused' },
      stderr: ''
    })
    expect(await schedule('resume')).toMatchObject({ status: 0, answer: { phase: 'active' } })
    const { answer } = await schedule('run')
    expect((await jobState(cwd, String(answer['jobId']))).state).toBe('available')
    expect(await schedule('run')).toMatchObject({ status: 1, answer: { error: { code: 'schedule-overlapping' } } })
    expect(await schedule('remove')).toMatchObject({ status: 0, answer: { phase: 'removed' } })
    expect(await schedule('pause')).toMatchObject({ status: 1, answer: { error: { code: 'schedule-unknown' } } })
    expect(await schedule('pause', 'weekly')).toMatchObject({
      status: 1,
      answer: { error: { code: 'schedule-unknown' } }
    })
    expect((await runJson<object>(['schedules', 'list'], { cwd })).answer).toEqual({ schedules: [] })
    expect((await runJson<object>(['schedules', 'list', '--all'], { cwd })).answer).toMatchObject({
      schedules: [{ phase: 'removed' }]
    })
    expect((await runCli(['verify'], { cwd })).status).toBe(0)
  })

  test('put, update, and a pause with a note', async () => {
    const cwd = app()
    await stop(await start(cwd))
    const schedules = (...args: string[]) => runJson<Record<string, unknown>>(['schedules', ...args], { cwd })
    const when = ['--cron', '30 7 * * *', '--timezone', 'Asia/Tokyo']
    const put = () => schedules('put', 'digest', '--task', 'mail', ...when, '--payload', '{"to":"ann"}')
    expect(await put()).toMatchObject({
      status: 0,
      answer: { schedule: 'digest', outcome: 'created', phase: 'active' }
    })
    expect(await put()).toMatchObject({
      status: 0,
      answer: { outcome: 'unchanged', nextFireAt: expect.stringContaining('T22:30:00.000Z') }
    })
    expect(await schedules('update', 'digest', '--every', '1h')).toMatchObject({ answer: { outcome: 'changed' } })
    const { answer } = await schedules('show', 'digest')
    expect(answer).toMatchObject({ owner: 'calls', app: 'cli-app', definition: { payload: { to: 'ann' } } })
    expect(await schedules('put', 'yearly', '--task', 'mail', '--every', '1h')).toMatchObject({
      status: 1,
      answer: { error: { code: 'schedule-refused' } }
    })
    await schedules('pause', 'digest', '--note', 'Ann is on holiday')
    expect((await runCli(['schedules', 'list'], { cwd })).stdout).toContain('paused: Ann is on holiday')
    expect((await runCli(['schedules', 'show', 'digest'], { cwd })).stdout).toMatch(/pauseNote +Ann is on holiday/)
    expect((await runCli(['status'], { cwd })).stdout).toMatch(/^Paused: digest, since .*Z: Ann is on holiday$/m)
    await schedules('resume', 'digest')
    expect((await schedules('show', 'digest')).answer).toMatchObject({ pauseNote: null, phase: 'active' })
    for (const wrong of [
      ['put', 'digest', '--task', 'mail'],
      ['put', 'digest', '--every', '1h'],
      ['put', 'digest', '--task', 'mail', '--every', '1h', '--at', 'now'],
      ['update', 'digest'],
      ['update', 'digest', '--timezone', 'Asia/Tokyo']
    ])
      expect(await schedules(...wrong)).toMatchObject({ status: 2 })
    expect((await runCli(['verify'], { cwd })).status).toBe(0)
  })

  test('enqueue: options, the same id twice, a unique key', async () => {
    const cwd = app()
    const id = '019c2b1e-5f80-7c3a-9d1e-2f6b1f0a7c55'
    expect(
      await enqueue(
        cwd,
        'null',
        '--id',
        id,
        '--delay',
        '1h',
        '--unique-key',
        'k',
        '--queue',
        'slow',
        '--priority',
        '-5'
      )
    ).toEqual({ id, outcome: 'enqueued' })
    expect(await enqueue(cwd, 'null', '--id', id)).toEqual({ id, outcome: 'exists' })
    expect(await enqueue(cwd, 'null', '--unique-key', 'k')).toEqual({ id, outcome: 'duplicate' })
    expect(await jobState(cwd, id)).toMatchObject({ state: 'scheduled', queue: 'slow', priority: -5, uniqueKey: 'k' })
    expect(await runCli(['enqueue', 'mail', '{'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('The payload is "{"')
    })
    expect(await runCli(['enqueue', 'mail', '--delay', '1h', '--run-at', 'now'], { cwd })).toMatchObject({ status: 2 })
    expect(await runJson(['enqueue', 'post'], { cwd })).toMatchObject({
      status: 1,
      answer: { error: { code: 'task-unknown' } }
    })
  })

  test('cancel and retry', async () => {
    const cwd = app()
    const { id } = await enqueue(cwd, 'null', '--delay', '1h')
    const cancel = (...ids: string[]) => runJson<object>(['jobs', 'cancel', ...ids], { cwd })
    expect(await runJson(['jobs', 'retry', id], { cwd })).toMatchObject({
      status: 1,
      answer: { error: { code: 'job-not-finished' } }
    })
    expect(await cancel(id)).toMatchObject({ status: 0, answer: { jobs: [{ id, answer: 'cancelled' }] } })
    expect(await cancel(id)).toMatchObject({ status: 1, answer: { jobs: [{ id, answer: 'finished' }] } })
    expect(await cancel('no-job')).toMatchObject({ status: 1, answer: { jobs: [{ answer: 'unknown' }] } })
    expect(await runJson(['jobs', 'retry', id], { cwd })).toMatchObject({ status: 0, answer: { retried: [id] } })
    expect((await jobState(cwd, id)).state).toBe('available')
    expect(await runJson(['jobs', 'retry', 'no-job'], { cwd })).toMatchObject({
      status: 1,
      answer: { error: { code: 'job-unknown' } }
    })
  })

  test('what failed is shown with its error', async () => {
    const cwd = app()
    const started = await start(cwd)
    const { id } = await enqueue(cwd, '{"fail":true}')
    await until(cwd, id, 'discarded')
    expect((await jobState(cwd, id)).errors).toMatchObject([{ message: 'no route' }])
    await stop(started)
  })
})
