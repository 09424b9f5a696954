import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { EscapementError } from '../../src/core/errors.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { managementApi } from '../../src/http/api.ts'
import type { ApiOptions } from '../../src/http/api-options.ts'
import { isApiPath } from '../../src/http/api-path.ts'
import { createEscapement } from '../../src/index.ts'
import { Operator } from '../../src/operations/operator.ts'
import { idSequence } from '../../src/testing/ids.ts'
import { viewNode } from '../../src/views/nodes.ts'
import { summarize } from '../../src/views/schedule.ts'
import { written } from '../../src/views/written.ts'
import { Lab, START } from '../runtime/lab.ts'

const TOKEN = 'a-token-of-sixteen'
const facts = { name: 'web.1', pid: 42, host: 'here', roles: ['web'], version: '0.1.0' }
const mail = task('mail', { handler: () => undefined })
const schedules = ['a', 'b', 'c'].map(id => schedule(id, { task: mail, trigger: every('1m') }))

const refuse = (): Promise<never> => Promise.reject(new Error('nothing is written here'))
const nothingWritten = {
  putSchedule: refuse,
  updateSchedule: refuse,
  enqueue: refuse,
  retryWith: refuse,
  updateJob: refuse
}

interface Asked {
  readonly api: (path: string, init?: RequestInit) => Promise<Response>
  readonly reported: unknown[]
}

function apiOn(lab: Lab, options: Partial<ApiOptions> = {}): Asked {
  const reported: unknown[] = []
  const store = lab.store()
  const operator = new Operator({ store, timezoneData: 'test', nodeId: () => 'caller', newId: idSequence() })
  const books = { store, operator, clock: lab.clock }
  const handle = managementApi({
    use: use => use(books),
    operate: change => change(books),
    writes: nothingWritten,
    clock: lab.clock,
    process: facts,
    redis: () => Promise.resolve(null),
    token: TOKEN,
    newId: idSequence(),
    successWithin: new Map(),
    serves: 'all',
    report: error => reported.push(error),
    ...options
  })
  const authorization = `Bearer ${TOKEN}`
  return {
    reported,
    api: (path, init) => handle(new Request(`http://localhost${path}`, { headers: { authorization }, ...init }))
  }
}

async function problem(response: Response): Promise<object> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = (await response.json()) as { status: number; code: string; type: string }
  expect(body.status).toBe(response.status)
  expect(body.type).toBe(`urn:escapement:problem:${body.code}`)
  return body
}

describe('what is answered', () => {
  test('the health, with the time of the books', async () => {
    const response = await apiOn(new Lab()).api('/api/v1/health/basic')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ status: 'ok', time: new Date(START).toISOString(), process: 'web.1' })
  })

  test('the status: who schedules, what is due next, and whether it is overdue', async () => {
    const lab = new Lab()
    const { api } = apiOn(lab)
    const status = async (): Promise<object> => (await (await api('/api/v1/scheduler/status')).json()) as object
    expect(await status()).toMatchObject({ process: facts, scheduler: { running: false, nodes: 0, nextFireAt: null } })
    const node = await lab.started({ schedules })
    expect(await status()).toMatchObject({
      scheduler: { running: true, nodes: 1, nextFireAt: '2026-01-01T00:01:00.000Z', overdue: false },
      nodes: { alive: 1, shown: [{ roles: ['scheduler', 'worker'], startedAt: '2026-01-01T00:00:00.000Z' }] }
    })
    lab.clock.set(START + 66_000)
    expect(await status()).toMatchObject({ scheduler: { overdue: true } })
    await node.stop()
    expect(await status()).toMatchObject({ scheduler: { running: false }, nodes: { alive: 0, shown: [] } })
  })

  test('the schedules, page by page', async () => {
    const lab = new Lab()
    await lab.started({ schedules })
    const { api } = apiOn(lab)
    const page = async (query: string) =>
      (await (await api(`/api/v1/scheduler/schedules${query}`)).json()) as {
        items: { id: string }[]
        cursor: string
      }
    const first = await page('?limit=2')
    expect(first.items).toMatchObject([
      { id: 'a', task: 'mail', phase: 'active', trigger: { kind: 'interval' }, nextFireAt: '2026-01-01T00:01:00.000Z' },
      { id: 'b' }
    ])
    const second = await page(`?limit=2&cursor=${encodeURIComponent(first.cursor)}`)
    expect({ ids: second.items.map(({ id }) => id), cursor: second.cursor }).toEqual({ ids: ['c'], cursor: null })
    const { items: all } = await page('')
    const { items } = await lab.store().listSchedules({ limit: 3 })
    expect(all).toMatchObject(items.map(read => written(summarize(read))))
  })

  test('the nodes, as the command line has them', async () => {
    const lab = new Lab()
    await lab.started({ schedules })
    const { nodes } = (await (await apiOn(lab).api('/api/v1/scheduler/status')).json()) as {
      nodes: { shown: object[] }
    }
    expect(nodes.shown).toEqual((await lab.store().listNodes()).map(node => written(viewNode(node))))
  })

  test('HEAD is answered like GET, without a body', async () => {
    const response = await apiOn(new Lab()).api('/api/v1/scheduler/status', { method: 'HEAD' })
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '' })
  })

  test('an Escapement answers by itself, to be mounted', async () => {
    vi.stubEnv('SCHEDULER_API_TOKEN', TOKEN)
    const app = createEscapement({ database: 'memory:', name: 'mounted' })
    vi.unstubAllEnvs()
    const headers = { authorization: `Bearer ${TOKEN}` }
    const response = await app.fetch(new Request('http://localhost/api/v1/scheduler/status', { headers }))
    expect(await response.json()).toMatchObject({ process: { name: 'mounted', pid: process.pid } })
    await app.stop()
    const stopped = await app.fetch(new Request('http://localhost/api/v1/health/basic'))
    expect(await problem(stopped)).toMatchObject({ status: 503, code: 'stopped' })
  })
})

describe('what is refused', () => {
  test.each(['0', '201', '-1', 'ten', '1e2'])('a limit of %s', async limit => {
    const response = await apiOn(new Lab()).api(`/api/v1/scheduler/schedules?limit=${limit}`)
    expect(await problem(response)).toMatchObject({
      status: 400,
      code: 'request-invalid',
      detail: expect.stringContaining('1 to 200')
    })
  })

  test('another method', async () => {
    const response = await apiOn(new Lab()).api('/api/v1/scheduler/schedules', { method: 'POST' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    expect(await problem(response)).toMatchObject({ status: 405, code: 'method-unknown' })
  })

  test('an unknown path', async () => {
    expect(await problem(await apiOn(new Lab()).api('/api/v1/scheduler/nothing'))).toMatchObject({ status: 404 })
  })

  test('a caller without the token, but not the one who asks for the health', async () => {
    const { api } = apiOn(new Lab())
    const status = (authorization?: string) =>
      api('/api/v1/scheduler/status', { headers: authorization === undefined ? {} : { authorization } })
    for (const wrong of [undefined, 'Bearer ', `Bearer ${TOKEN}x`, `Bearer esc_${TOKEN}`, `Basic ${TOKEN}`]) {
      const refused = await status(wrong)
      expect(refused.headers.get('www-authenticate')).toBe('Bearer')
      const code = /^Bearer ./.test(wrong ?? '') ? 'token-wrong' : 'credentials-missing'
      expect(await problem(refused)).toMatchObject({ status: 401, code })
    }
    expect((await status(`Bearer ${TOKEN}`)).status).toBe(200)
    expect((await api('/api/v1/health/basic', { headers: {} })).status).toBe(200)
  })

  test('everybody, where there are no credentials: a proxy on this host would pass everybody on', async () => {
    const { api } = apiOn(new Lab(), { token: undefined })
    for (const path of ['status', 'schedules', 'openapi.json', 'nothing'])
      expect(await problem(await api(`/api/v1/scheduler/${path}`, { headers: {} }))).toMatchObject({
        status: 401,
        code: 'credentials-missing',
        detail: expect.stringContaining('SCHEDULER_API_TOKEN')
      })
    expect((await api('/api/v1/health/basic')).status).toBe(200)
    const app = createEscapement({ database: 'memory:' })
    onTestFinished(() => app.stop())
    const mounted = await app.fetch(new Request('http://localhost/api/v1/scheduler/jobs'))
    expect(await problem(mounted)).toMatchObject({ code: 'credentials-missing' })
  })

  test('every path but the health, where the API is off', async () => {
    const { api } = apiOn(new Lab(), { serves: 'health' })
    expect(await problem(await api('/api/v1/scheduler/status'))).toMatchObject({ status: 404, code: 'path-unknown' })
    expect((await api('/api/v1/health/basic')).status).toBe(200)
  })

  test.each([
    ['schedules?limi=5', 'limi', 'did you mean "limit"?'],
    ['status?verbose=1', 'verbose', 'not taken here'],
    ['jobs?state=failed', 'state', 'one of "scheduled"'],
    ['jobs?limit=1&limit=2', 'limit', 'more than once'],
    ['jobs?task=', 'task', 'not empty'],
    [`jobs?task=${'x'.repeat(251)}`, 'task', 'at most 250'],
    ['schedules/a/explain?at=yesterday', 'at', 'ISO 8601'],
    ['schedules/a/ledger?from=2026-13-01T00:00:00Z', 'from', 'ISO 8601']
  ])('the query of %s, by the name of its parameter', async (path, parameter, says) => {
    const document = await problem(await apiOn(new Lab()).api(`/api/v1/scheduler/${path}`))
    expect(document).toMatchObject({ status: 400, code: 'request-invalid' })
    expect((document as { errors: object[] }).errors).toEqual([{ parameter, detail: expect.stringContaining(says) }])
  })

  test.each([
    ['schedules/none', 'schedule-unknown'],
    ['schedules/none/ledger', 'schedule-unknown'],
    ['schedules/none/explain', 'schedule-unknown'],
    ['jobs/none', 'job-unknown'],
    ['jobs/none/content', 'job-unknown'],
    ['schedules/%00/ledger', 'schedule-unknown']
  ])('what is not in the books: %s', async (path, code) => {
    const response = await apiOn(new Lab()).api(`/api/v1/scheduler/${path}`)
    expect(await problem(response)).toMatchObject({ status: 404, code })
  })
})

describe('a store in trouble', () => {
  test('is 503, with a document that says so', async () => {
    const down = new EscapementError('store-unavailable', 'The database is not there.')
    const { api, reported } = apiOn(new Lab(), { use: () => Promise.reject(down) })
    for (const path of ['health/basic', 'scheduler/status', 'scheduler/schedules']) {
      const response = await api(`/api/v1/${path}`)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await problem(response)).toMatchObject({ status: 503, code: 'store-unavailable', detail: down.message })
    }
    expect(reported).toEqual([])
  })

  test('is 503 also when it does not answer at all', async () => {
    const lab = new Lab()
    const answered = apiOn(lab, { use: () => new Promise<never>(() => undefined) }).api('/api/v1/health/basic')
    await lab.clock.advance(4_000)
    expect(await problem(await answered)).toMatchObject({
      status: 503,
      detail: expect.stringContaining('within 4000 ms')
    })
  })

  test('with a fault of its own is 500, which tells callers nothing and the log all', async () => {
    const fault = new TypeError('the secret is 1234')
    const { api, reported } = apiOn(new Lab(), { use: () => Promise.reject(fault) })
    const body = await problem(await api('/api/v1/health/basic'))
    expect(body).toMatchObject({ status: 500, code: 'failed' })
    expect(JSON.stringify(body)).not.toContain('1234')
    expect(reported).toEqual([fault])
  })
})

test('the paths of the API are known from those of an app', () => {
  const ours = ['/api/v1/health/basic', '/api/v1/scheduler', '/api/v1/scheduler/x', '/api/v1/scheduler?x=1']
  const theirs = ['/', '/api/v1', '/api/v1/schedulers', '/api/v1/healthy', '/api/v2/scheduler', '/x/api/v1/scheduler']
  expect(ours.filter(isApiPath)).toEqual(ours)
  expect(theirs.filter(isApiPath)).toEqual([])
})
