import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ApiProblem, createClient, everyItem } from '../../src/client.ts'
import { booksToAsk, TOKEN } from '../contract/books-to-ask.ts'

const URL_OF_API = 'http://127.0.0.1:3000/api/v1'

async function asked() {
  const books = await booksToAsk('memory:')
  onTestFinished(() => books.end())
  const client = createClient({ url: URL_OF_API, token: TOKEN, fetch: (...call) => books.api(new Request(...call)) })
  return { books, client }
}

/** A client whose requests get this response, and what they were. */
function answeredBy(respond: (request: Request) => Response, options: object = {}) {
  const requests: Request[] = []
  const fetch = async (...call: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    const request = new Request(...call)
    requests.push(request)
    return respond(request)
  }
  return { requests, client: createClient({ url: URL_OF_API, fetch, ...options }) }
}

test('reads, steers, and goes through a list page by page', async () => {
  const { books, client } = await asked()
  const ids: string[] = []
  for await (const { id } of everyItem(client.listJobs, { task: 'later', state: 'scheduled', limit: 2 })) ids.push(id)
  expect(ids).toHaveLength(new Set(ids).size)
  expect(ids).toEqual(
    (await client.listJobs({ task: 'later', state: 'scheduled', limit: 200 })).items.map(({ id }) => id)
  )
  const { waiting } = books.jobs
  const runAt = new Date('2999-01-01T00:00:00Z')
  expect(await client.updateJob({ id: waiting, runAt })).toMatchObject({ id: waiting, runAt: runAt.toISOString() })
  expect(await client.cancelJob({ id: waiting, reason: 'not wanted' })).toMatchObject({ state: 'cancelled' })
  expect((await client.listAudit({ targetId: waiting })).items[0]).toMatchObject({ reason: 'not wanted' })
})

test('writes a schedule for the revision that was read, and a job once under its id', async () => {
  const { client } = await asked()
  const { revision, outcome } = await client.putSchedule({
    id: 'by client',
    task: 'works',
    trigger: { kind: 'interval', everyMs: 60_000 },
    payload: 1
  })
  const seen = { headers: { 'if-match': `"${revision}"` } }
  expect(outcome).toBe('created')
  expect(await client.updateSchedule({ id: 'by client', priority: 3 }, seen)).toMatchObject({ revision: revision + 1 })
  const stale = { status: 412, code: 'schedule-changed' }
  await expect(client.removeSchedule({ id: 'by client' }, seen)).rejects.toMatchObject(stale)
  const job = { id: '019cae00-0000-7000-8000-000000000777', task: 'works', payload: 1 }
  expect(await client.enqueueJob(job)).toEqual({ id: job.id, outcome: 'enqueued' })
  expect(await client.enqueueJob(job)).toEqual({ id: job.id, outcome: 'exists' })
})

test('encodes what stands in a path', async () => {
  const { client } = await asked()
  expect(await client.getSchedule({ id: 'night/ly' })).toMatchObject({ id: 'night/ly', task: 'later' })
})

test('rejects with the problem document of a refusal', async () => {
  const { client } = await asked()
  const unknown = client.getJob({ id: '019cae00-0000-7000-8000-000000000404' })
  await expect(unknown).rejects.toMatchObject({ name: 'ApiProblem', status: 404, code: 'job-unknown' })
  await expect(unknown).rejects.toBeInstanceOf(ApiProblem)
  const wrong = client.listJobs({ limit: 500 })
  await expect(wrong).rejects.toMatchObject({ code: 'request-invalid', errors: [{ parameter: 'limit' }] })
})

test('a refusal of a proxy is named by its status', async () => {
  const { client } = answeredBy(
    () => new Response('<h1>Bad Gateway</h1>', { status: 502, headers: { 'retry-after': '3' } })
  )
  await expect(client.status()).rejects.toMatchObject({ code: 'http-502', status: 502, retryAfterMs: 3_000 })
})

test.each(['', '.', '..'])('an id that would lead to another path is not sent: %j', async id => {
  const { client, requests } = answeredBy(() => Response.json({}))
  await expect(client.getJob({ id })).rejects.toThrow('it takes a text')
  expect(requests).toEqual([])
})

test('asks for the token before each call, and sends none if there is none', async () => {
  let number = 0
  const { client, requests } = answeredBy(() => Response.json({}), { token: () => `token-${(number += 1)}` })
  await client.status()
  await client.status()
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer token-1', 'Bearer token-2'])
  const without = answeredBy(() => Response.json({}))
  await without.client.status()
  expect(without.requests[0]!.headers.has('authorization')).toBe(false)
})

test('follows no redirect, so that a token stays where it was sent', async () => {
  let visits = 0
  const server = createServer((request, response) => {
    if (request.url === '/elsewhere') visits += 1
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  await expect(createClient({ url: `http://127.0.0.1:${port}/api/v1`, token: 'x' }).status()).rejects.toThrow()
  expect(visits).toBe(0)
})

test('gives up after its time, and when its caller does', async () => {
  const never = (request: Request): Promise<Response> =>
    new Promise((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
    })
  const fetch = (...call: Parameters<typeof globalThis.fetch>): Promise<Response> => never(new Request(...call))
  const late = createClient({ url: URL_OF_API, timeoutMs: 1, fetch })
  await expect(late.status()).rejects.toMatchObject({ name: 'TimeoutError' })
  const patient = createClient({ url: URL_OF_API, fetch })
  const controller = new AbortController()
  const call = patient.status({}, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
})
