// What strangers and low roles try. Each is refused with a problem document, and what was refused is in the audit.
// CSRF: session.test.ts; slow bodies: api.test.ts; webhooks that redirect: tests/channels/webhook.test.ts.
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AccessRole } from '../../src/core/access/audit.ts'
import { systemClock } from '../../src/clock/system.ts'
import type { Endpoint } from '../../src/contract/endpoint.ts'
import { endpoints } from '../../src/contract/endpoints.ts'
import { createEscapement, type Escapement, every, schedule, task } from '../../src/index.ts'
import { newId } from '../../src/new-id.ts'
import { isSecretOf, hashOfSecret } from '../../src/operations/access/secrets.ts'
import { Tokens } from '../../src/operations/access/tokens.ts'
import { emptyFolder } from '../cli/run-cli.ts'

const SCRIPT = '<script>alert(1)</script>'
const fails = task('fails', { maxAttempts: 1, handler: () => Promise.reject(new Error(SCRIPT)) })
const once = task('once', { delivery: 'at-most-once', handler: () => undefined })

function appOn(database: string): Escapement {
  const schedules = [schedule(SCRIPT, { task: once, trigger: every('24h') })]
  const app = createEscapement({ database, tasks: [fails, once], schedules, logger: false })
  onTestFinished(() => app.stop())
  return app
}

const tokensOf = async (app: Escapement): Promise<Tokens> =>
  new Tokens({ store: await app.store(), clock: systemClock, newId })

async function started(role: AccessRole = 'admin') {
  const app = appOn('memory:')
  await app.start()
  const { text } = await (await tokensOf(app)).create({ name: role, role })
  return { app, token: text, ask: askWith(app, text) }
}

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
  readonly headers: Headers
}

function askWith(app: Escapement, token?: string) {
  return async (line: string, init: RequestInit = {}, origin = 'http://localhost'): Promise<Answer> => {
    const [method, path] = line.split(' ') as [string, string]
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const headers = { 'content-type': 'application/json', ...authorization, ...(init.headers as object) }
    const response = await app.fetch(new Request(`${origin}/api/v1${path}`, { ...init, method, headers }))
    const text = await response.text()
    const isProblem = response.headers.get('content-type') === 'application/problem+json'
    const { code } = isProblem ? (JSON.parse(text) as { code: string }) : {}
    return { status: response.status, code, text, headers: response.headers }
  }
}

const refusedOf = async (app: Escapement): Promise<string[]> =>
  (await app.audit.list({}, { limit: 200 })).items
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ actor, action }) => `${actor} ${action}`)

const changes = Object.entries<Endpoint>(endpoints).filter(
  ([, { method, access }]) => method !== 'GET' && access !== 'viewer'
)

test.each(changes)('a viewer is refused %s, and that is in the audit', async (_, { method, path, action }) => {
  const { app, ask } = await started('viewer')
  const { status, code } = await ask(`${method} ${path.replace(/\{\w+\}/, 'x')}`, { body: '{}' })
  expect([status, code]).toEqual([403, 'role-too-low'])
  await expect.poll(() => refusedOf(app)).toEqual([`viewer ${action}`])
})

test('script in names, errors and payloads leaves as JSON that no browser runs', async () => {
  const { app, ask } = await started()
  const { id } = await app.enqueue(fails, { html: SCRIPT } as never)
  await app.jobs.result(id).catch(() => undefined)
  for (const path of [`/scheduler/jobs/${id}/content`, '/scheduler/schedules', '/scheduler/failures']) {
    const { status, text, headers } = await ask(`GET ${path}`)
    expect([status, text.includes('<script>alert(')], path).toEqual([200, true])
    expect(headers.get('content-type'), path).toContain('application/json')
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'")
  }
})

describe('without credentials', () => {
  test.each([
    ['a forged Host', { host: 'localhost' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['one who claims to be local', { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1;host=localhost' }],
    ['one who claims another path', { 'x-forwarded-prefix': '/../', 'x-original-url': '/api/v1/health/basic' }],
    ['a proxy on this host', { via: '1.1 proxy' }],
    ['another method in disguise', { 'x-http-method-override': 'GET' }]
  ])('%s gets nothing', async (_, headers) => {
    const { app } = await started()
    const { status, code } = await askWith(app)('GET /scheduler/jobs', { headers })
    expect([status, code]).toEqual([401, 'credentials-missing'])
  })

  test('an API that an app mounts serves the health checks only', async () => {
    const app = appOn('memory:')
    const open = Object.values<Endpoint>(endpoints).filter(({ access }) => access === 'anyone')
    for (const { method, path, access } of Object.values<Endpoint>(endpoints)) {
      const { status } = await askWith(app)(
        `${method} ${path.replace(/\{\w+\}/, 'x')}`,
        method === 'GET' ? {} : { body: '{}' }
      )
      expect(status, path).toBe(access === 'anyone' ? 200 : 401)
    }
    expect(open.map(({ path }) => path)).toEqual(['/health', '/health/live', '/health/ready', '/health/basic'])
  })
})

test.each([
  '/scheduler/../../etc/passwd',
  '/scheduler/jobs/..%2f..%2fetc%2fpasswd',
  '/scheduler/schedules/%2e%2e%2f%2e%2e%2fetc',
  '/scheduler/schedules/..%5c..%5cboot.ini',
  '/scheduler/jobs/%00'
])('a path that climbs finds nothing: %s', async path => {
  const { ask } = await started()
  const { status, text } = await ask(`GET ${path}`)
  expect(status).toBe(404)
  expect(text).not.toContain('root:')
})

test.each(['memory:', 'sqlite'])('SQL in filters, ids and cursors is a text like any other (%s)', async store => {
  const app = appOn(store === 'sqlite' ? `sqlite:${join(emptyFolder(), 'books.db')}` : store)
  await app.start()
  const ask = askWith(app, (await (await tokensOf(app)).create({ name: 'a', role: 'admin' })).text)
  await app.enqueue(once, undefined)
  const before = (await app.jobs.list()).items.length
  for (const sql of ["' OR 1=1 --", "'; DROP TABLE escapement_job; --", '" OR ""="', "x' UNION SELECT 1 --"]) {
    const text = encodeURIComponent(sql)
    expect(JSON.parse((await ask(`GET /scheduler/jobs?task=${text}`)).text)).toMatchObject({ items: [] })
    expect((await ask(`GET /scheduler/jobs?cursor=${text}`)).status).toBe(400)
    expect((await ask(`GET /scheduler/schedules/${text}`)).status).toBe(404)
    expect((await ask(`POST /scheduler/jobs/${text}/cancel`, { body: '{}' })).status).toBe(404)
  }
  expect((await app.jobs.list()).items).toHaveLength(before)
})

test.each([
  ['{"__proto__":{"isAdmin":true}}', 400],
  ['{"constructor":{"prototype":{"isAdmin":true}}}', 400],
  [`{"note":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
  [JSON.stringify({ note: 'x'.repeat(10_000_000) }), 413]
])('a body that would change more than it says, or is too deep or large, is refused (%#)', async (body, status) => {
  const { ask } = await started()
  const answer = await ask(`POST /scheduler/schedules/${encodeURIComponent(SCRIPT)}/pause`, { body })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  expect(({} as { isAdmin?: boolean }).isAdmin).toBe(undefined)
  expect(JSON.parse((await ask('GET /scheduler/schedules')).text)).toMatchObject({ items: [{ phase: 'active' }] })
})

test('an operator who retries an at-most-once job has to say that it may run twice', async () => {
  const { app, ask } = await started('operator')
  const { id } = await app.enqueue(once, undefined)
  await app.jobs.result(id)
  const retry = (body: object) => ask(`POST /scheduler/jobs/${id}/retry`, { body: JSON.stringify(body) })
  expect([(await retry({})).code, (await retry({ again: true })).status]).toEqual(['job-at-most-once', 200])
})

test('ten thousand wrong tokens: none passes, a right one still does, and the audit counts them in a few rows', async () => {
  const { app, token, ask } = await started()
  const right = token.slice(0, -43)
  for (let tries = 0; tries < 10_000; tries += 500)
    await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const wrong = right + String(tries + index).padStart(43, 'A')
        expect((await askWith(app, wrong)('GET /scheduler/jobs')).code).toBe('token-wrong')
      })
    )
  expect((await ask('GET /scheduler/jobs')).status).toBe(200)
  const counted = async (): Promise<number> => {
    const { items } = await app.audit.list({ action: 'api.use' }, { limit: 200 })
    expect(items.length).toBeLessThan(10)
    return items.reduce((sum, { count }) => sum + count, 0)
  }
  await expect.poll(counted).toBe(10_000)
})

test('a token that is revoked in one process is refused in another with the next request', async () => {
  const file = `sqlite:${join(emptyFolder(), 'books.db')}`
  const [here, there] = [appOn(file), appOn(file)]
  await here.start()
  const tokens = await tokensOf(here)
  const { id, text } = await tokens.create({ name: 'a', role: 'viewer' })
  expect((await askWith(there, text)('GET /scheduler/jobs')).status).toBe(200)
  await tokens.revoke(id)
  expect((await askWith(there, text)('GET /scheduler/jobs')).code).toBe('token-wrong')
})

test('the time a comparison takes shows nothing: hashes of one length are compared, whatever was presented', () => {
  const hash = hashOfSecret('a-token-of-sixteen')
  for (const presented of ['', 'a', 'a-token-of-sixteeN', 'x'.repeat(100_000)])
    expect(isSecretOf(presented, hash)).toBe(false)
  expect(isSecretOf('a-token-of-sixteen', hash)).toBe(true)
  expect(isSecretOf('a-token-of-sixteen', undefined)).toBe(false)
  expect(hashOfSecret('')).toHaveLength(hash.length)
})
