import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { webhook } from '../../src/channels/webhook.ts'
import { viewOfNotice } from '../../src/core/alerts/channel.ts'
import type { Notice } from '../../src/core/alerts/notice.ts'

const secret = 'a-secret-of-the-receiver'
const notice: Notice = {
  id: '7.0.webhook',
  kind: 'opened',
  rule: 'failed',
  isCritical: false,
  madeAt: Date.parse('2026-03-09T12:00:00Z'),
  title: 'failed invoices',
  text: 'invoices: it „fails“.',
  incidents: [],
  more: 0
}
const sending = () => ({ idempotencyKey: 'books/7.0.webhook', signal: new AbortController().signal })

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a notice is posted with its key, and signed over time and body', async () => {
  const received: { request: IncomingMessage; body: string }[] = []
  const url = await serving((request, response) => {
    void text(request).then(body => {
      received.push({ request, body })
      response.writeHead(204).end()
    })
  })
  await webhook({ url: `${url}/alerts?team=1`, secret }).send(viewOfNotice(notice), sending())
  const [{ request, body }] = received as [(typeof received)[0]]
  expect([request.method, request.url, received.length]).toEqual(['POST', '/alerts?team=1', 1])
  expect(JSON.parse(body)).toMatchObject({ title: 'failed invoices', madeAt: '2026-03-09T12:00:00.000Z' })
  const { headers } = request
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'books/7.0.webhook' })
  const time = Number(headers['escapement-time'])
  expect(Math.abs(time - Date.now() / 1_000)).toBeLessThan(300)
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
  expect(headers['escapement-signature']).toBe(`v1=${signature}`)
})

test('another status is a failure, and a redirect is not followed', async () => {
  const asked: string[] = []
  const url = await serving((request, response) => {
    asked.push(request.url!)
    if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end()
    else response.writeHead(500).end('no')
  })
  const send = (path: string) => webhook({ url: `${url}${path}`, secret }).send(viewOfNotice(notice), sending())
  await expect(send('/broken')).rejects.toThrow('status 500')
  await expect(send('/moved')).rejects.toThrow('status 302')
  expect(asked).toEqual(['/broken', '/moved'])
})

test('a receiver that says nothing is left', async () => {
  const asked = Promise.withResolvers<void>()
  const url = await serving(() => asked.resolve())
  const controller = new AbortController()
  const sent = Promise.resolve(
    webhook({ url, secret }).send(viewOfNotice(notice), { ...sending(), signal: controller.signal })
  )
  await asked.promise
  controller.abort(new Error('left'))
  await expect(sent).rejects.toThrow('left')
})

test.each([
  [{ url: 'ftp://example.org', secret }, 'url'],
  [{ url: 'https://ann:password@example.org', secret }, 'url'],
  [{ url: 'https://example.org', secret: 'short' }, 'secret'],
  [{ url: 'https://example.org' }, 'secret'],
  [{ url: 'https://example.org', secret, method: 'GET' }, 'method'],
  [undefined, 'url']
])('%o is refused, without repeating a secret', (options, what) => {
  const make = () => webhook(options as never)
  expect(make).toThrow(what)
  expect(make).not.toThrow(/password@|short/)
})
