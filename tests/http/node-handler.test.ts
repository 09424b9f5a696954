import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { nodeHandler } from '../../src/http/node-handler.ts'

const handler = nodeHandler(async request => new Response(`api ${new URL(request.url).pathname}`))

/** What a server with this listener answers at a path. */
async function answerOf(listener: RequestListener, path: string): Promise<string> {
  const server = createServer(listener)
  onTestFinished(() => void server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  return response.text()
}

const inApp: RequestListener = (request, response) => handler(request, response, () => void response.end('app'))

test.each([
  ['/api/v1/health/basic', 'api /api/v1/health/basic'],
  ['/api/v1/scheduler/status?a=1', 'api /api/v1/scheduler/status'],
  ['/', 'app'],
  ['/api/v1/orders', 'app'],
  ['/api/v1/schedulers', 'app']
])('%s: paths of others go on to the next handler', async (path, expected) => {
  expect(await answerOf(inApp, path)).toBe(expected)
})

test('without a next handler the API answers every path', async () => {
  expect(await answerOf((request, response) => handler(request, response), '/orders')).toBe('api /orders')
})

test.each([
  ['/inner', '/inner/api/v1/health/basic'],
  ['/api', '/api/v1/health/basic'],
  ['/api/v1', '/api/v1/health/basic']
])('below %s of a router that cuts the URL', async (base, path) => {
  const below: RequestListener = (request, response) => {
    const { url = '' } = request
    Object.assign(request, { originalUrl: url, url: url.slice(base.length) })
    inApp(request, response)
  }
  expect(await answerOf(below, path)).toBe('api /api/v1/health/basic')
})
