import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { exitCodes } from '../../src/launcher/exit-codes.ts'
import { runCli } from '../cli/run-cli.ts'
import { callerOn } from './books-of-test.ts'
import { allGone, pageOf, Started } from './started.ts'

describe('what ends by itself', () => {
  test('is started again; and when the master is killed, nothing outlives it', async () => {
    const started = await new Started({ args: ['--topology', 'dedicated', '--web', '1'] }).ready()
    const first = started.pids
    for (const pid of first) {
      process.kill(pid, 'SIGKILL')
      await started.process.line(/ended with SIGKILL .*; restarting in/)
    }
    await started.allReady()
    const { pids } = started
    expect(pids.filter(pid => first.includes(pid))).toEqual([])
    expect((await pageOf(started.url('web.1'))).pid).toBe(pids[0])
    // Also a handler that is deaf to its signal does not keep its process.
    expect((await started.run('enqueue', 'sleep')).status).toBe(0)
    await started.process.line(/sleeping/)
    await started.process.ended('SIGKILL')
    await allGone(pids)
  })

  test('again and again is given up, with a code that tells', async () => {
    const started = new Started({ args: ['--max-restarts', '2'], env: { APP_FAULT: 'ends-early' } })
    expect(await started.process.ended()).toEqual({ code: exitCodes.crashLoop, signal: null })
    const output = started.process.output()
    expect(output.match(/ended with status 7/g)).toHaveLength(3)
    expect(output).toContain('that was the last of 2 restarts in a row')
  })
})

describe('a start that cannot be', () => {
  test('ends with a code that tells: a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const started = new Started({ args: ['--port', String(port)] })
    expect(await started.process.ended()).toEqual({ code: exitCodes.addressTaken, signal: null })
    expect(started.process.output()).toContain(`app.1 cannot listen on 127.0.0.1:${port}: it is taken`)
  })

  test('ends with a code that tells: an app that never listens', async () => {
    const started = new Started({ args: ['--ready-timeout', '3s', '--max-restarts', '0'], env: { APP_WEB: 'silent' } })
    expect(await started.process.ended()).toEqual({ code: exitCodes.crashLoop, signal: null })
    expect(started.process.output()).toContain('did not become ready within 3000 ms')
    expect(started.process.output()).not.toContain('Started')
  })

  test('ends with a code that tells: options that do not fit', async () => {
    const started = new Started({ args: ['--topology', 'fleet'] })
    expect(await started.process.ended()).toEqual({ code: exitCodes.wrongUse, signal: null })
    expect(started.process.output()).toContain('postgres://')
  })
})

test('it is ready when the last process is, and not before', async () => {
  const started = new Started({ env: { APP_WEB: 'late' } })
  await started.process.line(/waiting for the gate/)
  expect(existsSync(join(started.folder, 'gate'))).toBe(false)
  expect(started.processes).toMatchObject([{ ready: false, url: null }])
  expect(started.process.output()).not.toContain('Started')
  writeFileSync(join(started.folder, 'gate'), '')
  await started.ready()
  expect(started.processes).toMatchObject([{ ready: true, url: expect.stringMatching(/^http/) }])
  await started.stop()
})

test('--max-requests replaces a web process without a failed request', async () => {
  const started = await new Started({ args: ['--max-requests', '20'] }).ready()
  const url = started.url()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const answered = new Set<string>()
  for (let asked = 0; answered.size < 2; asked++) {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    answered.add(await text(response))
    // It is replaced after 20 to 22 requests, so that equals don't end together.
    if (asked === 21) await started.process.line(/has reached its request limit/)
  }
  agent.destroy()
  await started.stop()
})

describe('Ctrl-C', () => {
  test('twice ends at once, whatever still runs', async () => {
    const started = await new Started().ready()
    expect((await started.run('enqueue', 'sleep')).status).toBe(0)
    await started.process.line(/sleeping/)
    const { pids } = started
    started.process.signal('SIGINT')
    await started.process.line(/SIGINT: stopping when/)
    // One that followed at once would be the echo of the first.
    while (!started.process.output().includes('at once')) {
      await new Promise(resolve => setTimeout(resolve, 300))
      started.process.signal('SIGINT')
    }
    expect(await started.process.ended()).toEqual({ code: exitCodes.killed, signal: null })
    await allGone(pids)
  })
})

test('nobody has to read what it says', async () => {
  const started = await new Started({ env: { ESCAPEMENT_LOG_LEVEL: 'info' } }).ready()
  const [pid] = started.pids
  started.process.stopReading()
  const { id } = JSON.parse((await started.run('enqueue', 'tick', '--json')).stdout) as { id: string }
  const caller = callerOn(join(started.folder, 'escapement.db'))
  await vi.waitUntil(async () => (await caller.jobs.get(id))?.state === 'completed', { timeout: 60_000 })
  expect(await pageOf(started.url())).toMatchObject({ pid })
  await started.stop()
})

test('--no-master runs the only process in this one', async () => {
  const started = await new Started({ args: ['--no-master'] }).ready()
  const url = /at (http:\S+)$/m.exec(started.process.output())?.[1]
  expect(await pageOf(String(url))).toMatchObject({ pid: started.process.pid, text: expect.stringContaining('app.1') })
  await started.moreTicks(1)
  await started.stop()
})

test('--print-config shows what holds and whence, and starts nothing', async () => {
  const env = { DATABASE_URL: 'postgres://me:secret@db.example.org/app', SCHEDULER_API_TOKEN: 'a-token-of-sixteen' }
  const started = new Started({
    args: ['--print-config', '--topology', 'fleet'],
    env: { ...env, NODE_ENV: 'production' }
  })
  expect(await started.process.ended()).toEqual({ code: 0, signal: null })
  const output = started.process.output()
  expect(output).toMatch(/topology +fleet +--topology/)
  expect(output).toMatch(/launch\.host +0\.0\.0\.0 +default in production/)
  expect(output).toMatch(/api\.token +\*+ +SCHEDULER_API_TOKEN/)
  expect(output).toMatch(/scheduler\.1 +scheduler +0\.0\.0\.0:0 +all/)
  expect(output).not.toMatch(/secret|a-token/)
  expect((await runCli(['start', '--print-config'], { cwd: '/' })).status).toBe(2)
})
