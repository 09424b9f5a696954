import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { EscapementError } from '../../src/core/errors.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { type ApiOptions, managementApi } from '../../src/http/api.ts'
import { isApiPath } from '../../src/http/api-path.ts'
import { createEscapement } from '../../src/index.ts'
import type { Store } from '../../src/store/store.ts'
import { viewNode } from '../../src/views/nodes.ts'
import { summarize } from '../../src/views/schedule.ts'
import { written } from '../../src/views/written.ts'
import { Lab, START } from '../runtime/lab.ts'

const facts = { name: 'web.1', pid: 42, host: 'here', roles: ['web'], version: '0.1.0' }
const mail = task('mail', { handler: () => undefined })
const schedules = ['a', 'b', 'c'].map(id => schedule(id, { task: mail, trigger: every('1m') }))

interface Asked {
  readonly api: (path: string, init?: RequestInit) => Promise<Response>
  readonly reported: unknown[]
}

function apiOn(lab: Lab, options: Partial<ApiOptions> = {}): Asked {
  const reported: unknown[] = []
  const handle = managementApi({
    store: async () => lab.store(),
    clock: lab.clock,
    process: () => facts,
    token: undefined,
    report: error => reported.push(error),
    ...options
  })
  return { reported, api: (path, init) => handle(new Request(`http://localhost${path}`, init)) }
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
        schedules: { id: string }[]
        cursor: string
      }
    const first = await page('?limit=2')
    expect(first.schedules).toMatchObject([
      { id: 'a', task: 'mail', phase: 'active', trigger: { kind: 'interval' }, nextFireAt: '2026-01-01T00:01:00.000Z' },
      { id: 'b' }
    ])
    const second = await page(`?limit=2&cursor=${encodeURIComponent(first.cursor)}`)
    expect({ ids: second.schedules.map(({ id }) => id), cursor: second.cursor }).toEqual({ ids: ['c'], cursor: null })
    const { schedules: all } = await page('')
    const { items } = await lab.store().listSchedules({ limit: 3 })
    expect(all).toEqual(items.map(read => written(summarize(read))))
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
    const app = createEscapement({ database: 'memory:', name: 'mounted' })
    const response = await app.fetch(new Request('http://localhost/api/v1/scheduler/status'))
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
    const token = 'a-token-of-sixteen'
    const { api } = apiOn(new Lab(), { token })
    const status = (authorization?: string) =>
      api('/api/v1/scheduler/status', authorization === undefined ? {} : { headers: { authorization } })
    for (const wrong of [undefined, 'Bearer ', `Bearer ${token}x`, `Basic ${token}`]) {
      const refused = await status(wrong)
      expect(refused.headers.get('www-authenticate')).toBe('Bearer')
      expect(await problem(refused)).toMatchObject({ status: 401, code: 'token-wrong' })
    }
    expect((await status(`Bearer ${token}`)).status).toBe(200)
    expect((await api('/api/v1/health/basic')).status).toBe(200)
  })
})

describe('a store in trouble', () => {
  test('is 503, with a document that says so', async () => {
    const down = new EscapementError('store-unavailable', 'The database is not there.')
    const { api, reported } = apiOn(new Lab(), { store: () => Promise.reject(down) })
    for (const path of ['health/basic', 'scheduler/status', 'scheduler/schedules']) {
      const response = await api(`/api/v1/${path}`)
      expect(response.headers.get('retry-after')).toBe('5')
      expect(await problem(response)).toMatchObject({ status: 503, code: 'store-unavailable', detail: down.message })
    }
    expect(reported).toEqual([])
  })

  test('is 503 also when it does not answer at all', async () => {
    const lab = new Lab()
    const silent = { ...lab.store(), now: () => new Promise<number>(() => undefined) } as Store
    const answered = apiOn(lab, { store: async () => silent }).api('/api/v1/health/basic')
    await lab.clock.advance(4_000)
    expect(await problem(await answered)).toMatchObject({
      status: 503,
      detail: expect.stringContaining('within 4000 ms')
    })
  })

  test('with a fault of its own is 500, which tells callers nothing and the log all', async () => {
    const fault = new TypeError('the secret is 1234')
    const { api, reported } = apiOn(new Lab(), { store: () => Promise.reject(fault) })
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
