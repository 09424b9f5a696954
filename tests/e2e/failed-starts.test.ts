import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exitCodes } from '../../src/launcher/exit-codes.ts'
import { freshDatabase } from '../stores/postgres/server.ts'
import { TcpProxy } from '../services/tcp-proxy.ts'
import { callerOn } from './books-of-test.ts'
import { Started } from './started.ts'

/** A port that somebody else listens on, until the test ends. */
async function takenPort(): Promise<string> {
  const other: Server = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  return String((other.address() as AddressInfo).port)
}

/** What a start has left in its books. */
async function leftBy(started: Started): Promise<{ phases: string[]; holders: unknown[] }> {
  const caller = callerOn(join(started.folder, 'escapement.db'))
  const nodes = await (await caller.store()).listNodes()
  const seats = await caller.seats.list()
  return { phases: nodes.map(({ phase }) => phase), holders: seats.map(({ holder }) => holder) }
}

describe('a start whose port is taken', () => {
  test.each([[[]], [['--no-master']]])('joins nothing, holds nothing, and says so: %s', async more => {
    const port = await takenPort()
    const started = new Started({ args: ['--port', port, ...more] })
    expect(await started.process.ended()).toEqual({ code: exitCodes.addressTaken, signal: null })
    expect(started.process.output()).toContain(`app.1 cannot listen on 127.0.0.1:${port}: it is taken`)
    expect(await leftBy(started)).toEqual({ phases: [], holders: [] })
  })

  test('also that of the API, where somebody asked for just this', async () => {
    const port = await takenPort()
    const started = new Started({ args: ['--topology', 'dedicated'], env: { SCHEDULER_PORT: port } })
    expect(await started.process.ended()).toEqual({ code: exitCodes.addressTaken, signal: null })
    expect(started.process.output()).toContain(`scheduler.1 cannot listen on 127.0.0.1:${port}`)
    expect(await leftBy(started)).toEqual({ phases: [], holders: [] })
  })

  test('by an app that listens where nobody could know: it has joined by then, and leaves in order', async () => {
    const started = new Started({
      args: ['--max-restarts', '0'],
      env: { APP_WEB: 'elsewhere', APP_PORT: await takenPort() }
    })
    expect(await started.process.ended()).toEqual({ code: exitCodes.addressTaken, signal: null })
    expect(await leftBy(started)).toEqual({
      phases: ['left'],
      holders: expect.not.arrayContaining([expect.anything()])
    })
  })
})

test('a start that never becomes ready leaves in order, too', async () => {
  const started = new Started({ args: ['--ready-timeout', '4s', '--max-restarts', '0'], env: { APP_WEB: 'silent' } })
  expect(await started.process.ended()).toEqual({ code: exitCodes.crashLoop, signal: null })
  expect(await leftBy(started)).toEqual({ phases: ['left'], holders: expect.not.arrayContaining([expect.anything()]) })
})

describe('books that are not there when a start begins', () => {
  test('are waited for in production, which is said once, and the start goes on when they come', async () => {
    const url = new URL(await freshDatabase())
    const away = await TcpProxy.start(1)
    onTestFinished(() => away.stop())
    const target = Number(url.port)
    url.port = String(away.port)
    const started = new Started({
      args: ['--host', '127.0.0.1'],
      env: { NODE_ENV: 'production', ESCAPEMENT_DATABASE_URL: url.href }
    })
    await started.process.line(/app\.1: the books can't be opened yet; waiting for them/)
    // Some tries more fail, each in a way of its own.
    for (let tries = 0; tries < 3; tries++) await away.connected()
    away.retarget(target)
    await started.process.line(/app\.1: the books are open now/)
    await started.ready()
    expect(started.process.output().match(/waiting for them/g)).toHaveLength(1)
    await started.stop()
  })

  test('are waited for, and a stop ends the wait', async () => {
    const started = new Started({
      args: ['--host', '127.0.0.1'],
      env: { NODE_ENV: 'production', ESCAPEMENT_DATABASE_URL: 'postgres://127.0.0.1:1/app' }
    })
    await started.process.line(/waiting for them/)
    expect(await started.process.ended('SIGTERM')).toEqual({ code: exitCodes.stopped, signal: null })
  })

  test('and never will be end it at once, with a status of their own', async () => {
    const started = new Started({
      args: ['--host', '127.0.0.1'],
      env: { NODE_ENV: 'production', ESCAPEMENT_DATABASE_URL: 'sqlite:nowhere/at/all.db' }
    })
    expect(await started.process.ended()).toEqual({ code: exitCodes.wrongUse, signal: null })
    expect(started.process.output()).toContain('nowhere/at/all.db could not be used')
    expect(started.process.output()).not.toContain('restarting in')
  })
})

test('books that fall silent don’t keep a process from ending', async () => {
  const url = new URL(await freshDatabase())
  const proxy = await TcpProxy.start(Number(url.port))
  onTestFinished(() => proxy.stop())
  url.port = String(proxy.port)
  const started = await new Started({
    args: ['--grace', '1s'],
    env: { ESCAPEMENT_DATABASE_URL: url.href, APP_ABORT_GRACE: '1s' }
  }).ready()
  proxy.blackhole()
  expect(await started.process.ended('SIGTERM'), started.process.output()).toEqual({
    code: exitCodes.stopped,
    signal: null
  })
})

test('a request that fails is a line of ours, with its path and without its query', async () => {
  const started = await new Started({ env: { ESCAPEMENT_LOG_LEVEL: 'error' } }).ready()
  expect((await fetch(`${started.url()}/fails?secret=1`)).status).toBe(500)
  const line = await started.process.line(/request\.failed/)
  const printed = JSON.parse(line.slice(line.indexOf('{'))) as object
  expect(printed).toMatchObject({
    event: 'request.failed',
    method: 'GET',
    path: '/fails',
    msg: 'the request GET /fails failed: The page is broken.',
    err: { message: 'The page is broken.' }
  })
  await started.stop()
})
