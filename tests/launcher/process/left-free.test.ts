import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { usualTarget } from '../../../src/http/api-path.ts'
import { type Handlers, listenOn, makeServer } from '../../../src/launcher/process/web-server.ts'
import type { WebApp } from '../../../src/settings/rows/app.ts'

const plan = { host: '127.0.0.1', port: 0, isMovable: false, servesApp: true } as const

const api: Handlers['api'] = async request => {
  const { pathname, search } = new URL(request.url)
  return new Response(`API ${pathname}${search}`, { headers: { 'x-by': 'api' } })
}

async function serve(app: WebApp | undefined, served: 'all' | 'health' = 'all') {
  const reported: unknown[] = []
  const server = makeServer({ app, api, report: error => reported.push(error) }, { api: served })
  const url = await listenOn(server, { ...plan, api: served })
  onTestFinished(() => void server.close())
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, init)
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
  return { get, reported }
}

const OURS = 'API /api/v1/scheduler/metrics'

test('a usual path is a path of the API, for reading only', () => {
  expect(usualTarget({ url: '/metrics?a=1' })).toBe('/api/v1/scheduler/metrics?a=1')
  expect(usualTarget({ url: '/metrics', method: 'HEAD' })).toBe('/api/v1/scheduler/metrics')
  expect(usualTarget({ url: '/health' })).toBe('/api/v1/health')
  expect(usualTarget({ url: '/metrics', method: 'POST' })).toBe(undefined)
  for (const url of ['/metrics/', '/metricsx', '/a/metrics', '/', '/__proto__', '//metrics']) {
    expect(usualTarget({ url }), url).toBe(undefined)
  }
})

describe('an app that leaves the path free', () => {
  const notFound: readonly (readonly [string, WebApp])[] = [
    [
      'a final handler that sets what it sends',
      (_, response) => {
        Object.assign(response, { statusCode: 404, statusMessage: 'Not Found' })
        response.setHeader('Content-Security-Policy', "default-src 'none'")
        response.setHeader('Content-Length', 2)
        response.end('no', 'utf8')
      }
    ],
    ['Hono', new Hono()],
    ['a fetch handler that streams', { fetch: () => new Response(new Blob(['no']).stream(), { status: 404 }) }],
    [
      'a status and an end',
      (_, response) => void Object.assign(response, { statusCode: 404 }).end('no', () => undefined)
    ],
    [
      'its own words and headers',
      (_, response) => void response.writeHead(404, 'Nope', { 'content-length': '2', 'x-by': 'app' }).end('no')
    ],
    [
      'a stream',
      (_, response) => {
        response.statusCode = 404
        response.setHeader('content-length', '4')
        response.flushHeaders()
        pipeline(Readable.from(['no', 'no']), response, () => undefined)
      }
    ],
    ['a later answer', (_, response) => void setImmediate(() => response.writeHead(404).end())]
  ]

  test.each(notFound)('%s', async (_, app) => {
    const { get, reported } = await serve(app)
    const { status, text, headers } = await get('/metrics?a=1')
    expect({ status, text, by: headers.get('x-by') }).toEqual({ status: 200, text: `${OURS}?a=1`, by: 'api' })
    expect((await get('/metrics', { method: 'HEAD' })).status).toBe(200)
    expect((await get('/other')).status).toBe(404)
    expect((await get('/metrics', { method: 'POST' })).status).toBe(404)
    expect(reported).toEqual([])
  })

  test('no app at all', async () => {
    const { get } = await serve(undefined)
    expect((await get('/metrics')).text).toBe(OURS)
  })

  test('while the API is off, it stays free', async () => {
    const { get } = await serve(new Hono(), 'health')
    expect((await get('/metrics')).status).toBe(404)
    const alone = await serve(undefined, 'health')
    expect((await alone.get('/metrics')).status).toBe(404)
    expect((await alone.get('/health')).text).toBe('API /api/v1/health')
  })
})

describe("an app's own route wins", () => {
  const own: readonly (readonly [string, number, WebApp])[] = [
    ['a handler', 200, (_, response) => void response.setHeader('content-length', 4).end('mine')],
    ['Hono', 200, new Hono().get('/metrics', context => context.text('mine'))],
    ['a refusal', 401, (_, response) => void response.writeHead(401).end('mine')],
    [
      'a stream',
      200,
      (_, response) => {
        response.flushHeaders()
        pipeline(Readable.from(['mi', 'ne']), response, () => undefined)
      }
    ],
    ['parts', 200, (_, response) => void (response.write('mi') && response.end('ne'))]
  ]

  test.each(own)('%s', async (_, status, app) => {
    const { get, reported } = await serve(app)
    expect(await get('/metrics')).toMatchObject({ status, text: 'mine' })
    expect(reported).toEqual([])
  })

  test('a handler that throws has it, and fails', async () => {
    const fault = new Error('broken')
    const { get, reported } = await serve(() => {
      throw fault
    })
    expect((await get('/metrics')).status).toBe(500)
    expect(reported).toEqual([fault])
  })
})

test('the methods of the response are its own again', async () => {
  const { get } = await serve((request: IncomingMessage, response: ServerResponse) => {
    response.statusCode = request.url === '/metrics' ? 404 : 200
    response.end('no')
    for (const name of ['writeHead', 'write', 'end', 'flushHeaders']) expect(Object.hasOwn(response, name)).toBe(false)
  })
  expect((await get('/metrics')).text).toBe(OURS)
})
