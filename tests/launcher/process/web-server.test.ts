import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, get as httpGet, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorOf } from '../../../src/core/job/thrown.ts'
import { appModule, loadApp } from '../../../src/launcher/process/web-app.ts'
import { type Handlers, listenOn, makeServer } from '../../../src/launcher/process/web-server.ts'
import type { WebApp } from '../../../src/settings/rows/app.ts'
import { emptyFolder } from '../../cli/run-cli.ts'

const api = async (): Promise<Response> => new Response('the API')
const anywhere = { host: '127.0.0.1', port: 0, isMovable: false, servesApp: true, api: 'all' } as const

async function serve(app: WebApp | undefined, served: 'all' | 'health' = 'all', more: Partial<Handlers> = {}) {
  const server = makeServer({ app, api, report: () => undefined, ...more }, { api: served })
  const url = await listenOn(server, anywhere)
  onTestFinished(() => void server.close())
  return async (path: string) => {
    const response = await fetch(url + path)
    return { status: response.status, text: await response.text() }
  }
}

describe('what is served', () => {
  test('a (request, response) handler', async () => {
    const get = await serve((request, response) => response.end(`node ${request.url}`))
    expect(await get('/a?b')).toEqual({ status: 200, text: 'node /a?b' })
  })

  test('a fetch handler, and what is one', async () => {
    const get = await serve({ fetch: request => new Response(`fetch ${new URL(request.url).pathname}`) })
    expect((await get('/a')).text).toBe('fetch /a')
    const hono = await serve(new Hono().get('/a', context => context.text('hono')))
    expect((await hono('/a')).text).toBe('hono')
  })

  test('without an app a document that names the way to the API', async () => {
    const get = await serve(undefined)
    const { status, text } = await get('/')
    expect(status).toBe(404)
    expect(JSON.parse(text)).toMatchObject({ code: 'path-unknown', detail: expect.stringContaining('/api/v1/') })
  })

  test.each([
    ['all', 'the API', 'the API'],
    ['health', 'the API', 'the app']
  ] as const)('the API in front of it: %s', async (served, health, schedules) => {
    const get = await serve((_, response) => response.end('the app'), served)
    expect((await get('/api/v1/health/basic')).text).toBe(health)
    expect((await get('/api/v1/scheduler/schedules')).text).toBe(schedules)
    expect((await get('/api/v1/other')).text).toBe('the app')
  })
})

test('a handler that throws, now or later, fails its request and nothing else', async () => {
  const reported: unknown[] = []
  const report = (error: unknown): void => void reported.push(error)
  const fault = new Error('it is broken')
  const app: WebApp = (request, response) => {
    if (request.url === '/now') throw fault
    return request.url === '/later' ? Promise.reject(fault) : response.end('well')
  }
  const get = await serve(app, 'all', { report })
  for (const path of ['/now', '/later']) expect(await get(path)).toEqual({ status: 500, text: 'The request failed.\n' })
  expect(reported).toEqual([fault, fault])
  expect((await get('/')).text).toBe('well')
})

describe('a request that fails is reported once, with what was asked', () => {
  type Failed = readonly [string, string]

  async function failing(app: WebApp) {
    const reported: Failed[] = []
    const heard = Promise.withResolvers<void>()
    const report: Handlers['report'] = (error, { method, path }) => {
      reported.push([`${method} ${path}`, errorOf(error).message])
      heard.resolve()
    }
    return { get: await serve(app, 'all', { report }), reported, heard: heard.promise }
  }

  test.each<readonly [string, WebApp, string]>([
    ['thrown by a fetch handler', { fetch: () => Promise.reject(new Error('It is broken.')) }, 'It is broken.'],
    ['no response of a fetch handler', { fetch: () => undefined as never }, 'returned undefined; it takes a Response'],
    ['what is no Error', () => Promise.reject('a text'), 'a text'],
    [
      'an Error that cannot be read',
      () =>
        Promise.reject(
          Object.defineProperty(new Error(), 'message', {
            get: () => {
              throw new Error('nor this')
            }
          })
        ),
      'Error'
    ]
  ])('%s', async (_, app, message) => {
    const { get, reported } = await failing(app)
    expect(await get('/a?secret=1')).toEqual({ status: 500, text: 'The request failed.\n' })
    expect(reported).toEqual([['GET /a', expect.stringContaining(message)]])
  })

  test('an answer whose stream breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield 'begun'
        throw new Error('The stream broke.')
      })()
    )
    for (const app of [
      (_request, response) => void pipeline(broken, response, () => undefined),
      { fetch: () => new Response(Readable.toWeb(broken) as ReadableStream) }
    ] satisfies WebApp[]) {
      const { get, reported, heard } = await failing(app)
      await get('/a').catch(() => undefined)
      await heard
      expect(reported.map(([request]) => request)).toEqual(['GET /a'])
    }
  })

  test('not that whoever asked has gone', async () => {
    const gone = Promise.withResolvers<void>()
    const reported: unknown[] = []
    const app: WebApp = (_request, response) => {
      response.write('begun')
      const body = new Readable({ read: () => undefined })
      pipeline(body, response, () => gone.resolve())
    }
    const server = makeServer({ app, api, report: error => void reported.push(error) }, { api: 'health' })
    const url = await listenOn(server, anywhere)
    onTestFinished(() => void server.close())
    const request = httpGet(url)
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    answer.on('error', () => undefined)
    request.on('error', () => undefined).destroy()
    await gone.promise
    expect(reported).toEqual([])
  })
})

test('a port that is taken is exchanged for any free one, unless somebody asked for just this', async () => {
  const other: Server = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const server = makeServer({ app: undefined, api, report: () => undefined }, { api: 'all' })
  onTestFinished(() => void server.close())
  await expect(listenOn(server, { ...anywhere, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await listenOn(server, { ...anywhere, port, isMovable: true })).not.toContain(`:${port}`)
})

describe('the module of an app', () => {
  test('lies in the folder of the config', () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'server.mjs'), '')
    expect(appModule('./server.mjs', join(folder, 'escapement.config.ts'))).toBe(join(folder, 'server.mjs'))
    expect(() => appModule('./sever.mjs', join(folder, 'escapement.config.ts'))).toThrow('there is no such module')
    expect(appModule(() => undefined, undefined)).toBeUndefined()
  })

  test('exports a handler, or listens by itself', async () => {
    const load = (name: string, code: string): Promise<unknown> => {
      const path = join(emptyFolder(), name)
      writeFileSync(path, code)
      return loadApp(path)
    }
    expect(await load('handler.mjs', 'export default (request, response) => response.end()')).toBeInstanceOf(Function)
    expect(await load('fetch.mjs', 'export default { fetch: () => new Response() }')).toHaveProperty('fetch')
    expect(await load('itself.mjs', 'export const port = 1')).toBeUndefined()
    await expect(load('wrong.mjs', 'export default 3')).rejects.toThrow('exports 3 by default; it takes')
  })
})
