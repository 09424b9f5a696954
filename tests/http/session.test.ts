import { expect, onTestFinished, test, vi } from 'vitest'
import type { AccessRole } from '../../src/core/access/audit.ts'
import { systemClock } from '../../src/clock/system.ts'
import type { Endpoint } from '../../src/contract/endpoint.ts'
import { endpoints } from '../../src/contract/endpoints.ts'
import { createEscapement, type Escapement, every, schedule, task } from '../../src/index.ts'
import { newId } from '../../src/new-id.ts'
import { Tokens } from '../../src/operations/access/tokens.ts'

const CONFIGURED = 'a-token-of-sixteen'
const mail = task('mail', { handler: () => undefined })
const daily = schedule('daily', { task: mail, trigger: every('24h') })

type Headers = Readonly<Record<string, string>>

const ask = (app: Escapement, line: string, headers: Headers = {}, body?: object): Promise<Response> => {
  const [method, path] = line.split(' ') as [string, string]
  const withBody = body === undefined ? {} : { body: JSON.stringify(body) }
  return app.fetch(new Request(`http://localhost/api/v1/scheduler/${path}`, { method, headers, ...withBody }))
}

const outcomeOf = async (asked: Promise<Response>): Promise<string> => {
  const response = await asked
  const { code = 'ok' } = (await response.json()) as { code?: string }
  return `${response.status} ${code}`
}

async function appWithTokens(configured?: string) {
  if (configured !== undefined) vi.stubEnv('SCHEDULER_API_TOKEN', configured)
  onTestFinished(() => void vi.unstubAllEnvs())
  const app = createEscapement({ database: 'memory:', tasks: [mail], schedules: [daily], logger: false })
  onTestFinished(() => app.stop())
  await app.start({ roles: ['scheduler'] })
  const tokens = new Tokens({ store: await app.store(), clock: systemClock, newId })
  return { app, tokens, make: (role: AccessRole) => tokens.create({ name: `${role} of the tests`, role }) }
}

const json = { 'content-type': 'application/json' }

/** What a browser keeps, and what a page reads. */
async function logIn(app: Escapement, token: string, body: object = {}) {
  const response = await ask(app, 'POST session', { ...json, authorization: `Bearer ${token}` }, body)
  expect(response.status).toBe(200)
  const setCookie = response.headers.get('set-cookie')!
  const { csrf, ...about } = (await response.json()) as { csrf: string; actor: string; role: string }
  const cookie = `other=1; ${setCookie.split(';')[0]!}`
  return { cookie, csrf, about, setCookie, changing: { ...json, cookie, 'x-escapement-csrf': csrf } }
}

test('a token gives a session, whose cookie opens what the token does, until it logs out', async () => {
  const { app, make } = await appWithTokens()
  const { cookie, csrf, about, setCookie, changing } = await logIn(app, (await make('operator')).text)
  expect(setCookie).toMatch(/^esc_[\da-f]{16}=[\w-]{43}; HttpOnly; SameSite=Strict$/)
  expect(about).toMatchObject({ actor: 'operator of the tests', role: 'operator' })
  const read = (await (await ask(app, 'GET session', { cookie })).json()) as { expiresAt: string }
  expect(read).toEqual({ ...about, csrf })
  expect(Date.parse(read.expiresAt) - Date.now()).toBeGreaterThan(11.9 * 3_600_000)
  expect(await outcomeOf(ask(app, 'GET jobs', { cookie }))).toBe('200 ok')
  expect(await outcomeOf(ask(app, 'POST schedules/daily/pause', changing, {}))).toBe('200 ok')
  expect(await outcomeOf(ask(app, 'DELETE jobs/x', changing, {}))).toBe('403 role-too-low')
  const bye = await ask(app, 'DELETE session', changing, {})
  expect(bye.headers.get('set-cookie')).toMatch(/=; HttpOnly; SameSite=Strict; Max-Age=0$/)
  expect(await outcomeOf(ask(app, 'GET jobs', { cookie }))).toBe('401 credentials-missing')
  const entries = async () => {
    const { items } = await app.audit.list({ actor: 'operator of the tests' })
    return items.map(({ action, via, outcome }) => `${action} ${via} ${outcome}`).toSorted()
  }
  // What is refused is written in the background.
  await expect
    .poll(entries)
    .toEqual([
      'job.delete page refused',
      'schedule.pause page done',
      'session.create api done',
      'session.revoke page done'
    ])
})

test('the cookie is for HTTPS only where the page was loaded by it', async () => {
  const { app, make } = await appWithTokens()
  const { setCookie } = await logIn(app, (await make('viewer')).text, { https: true })
  expect(setCookie).toMatch(/; Secure$/)
})

test('a session ends with its token, and is not prolonged by itself', async () => {
  const { app, tokens, make } = await appWithTokens()
  const { id, text } = await make('admin')
  const { cookie, changing } = await logIn(app, text)
  expect(await outcomeOf(ask(app, 'POST session', changing, {}))).toBe('401 credentials-missing')
  await tokens.revoke(id)
  expect(await outcomeOf(ask(app, 'GET jobs', { cookie }))).toBe('401 credentials-missing')
})

test('a session of the configured token ends as that is changed or forged', async () => {
  const { app } = await appWithTokens(CONFIGURED)
  const store = await app.store()
  const { cookie } = await logIn(app, CONFIGURED)
  expect(await outcomeOf(ask(app, 'GET audit', { cookie }))).toBe('200 ok')
  // As if it were of a token of the books.
  const unmarked = cookie.replace('=.', '=')
  expect(unmarked).not.toBe(cookie)
  expect(await outcomeOf(ask(app, 'GET audit', { cookie: unmarked }))).toBe('401 credentials-missing')
  vi.stubEnv('SCHEDULER_API_TOKEN', 'another-of-sixteen')
  const later = createEscapement({ database: 'memory:', tasks: [mail], logger: false })
  onTestFinished(() => later.stop())
  vi.spyOn(await later.store(), 'readSession').mockImplementation(hash => store.readSession(hash))
  Object.defineProperty(await later.store(), 'id', { value: store.id })
  expect(await outcomeOf(ask(later, 'GET audit', { cookie }))).toBe('401 credentials-missing')
})

const changes = Object.values<Endpoint>(endpoints).filter(
  ({ method, takesCookie }) => method !== 'GET' && takesCookie !== false
)

test.each(changes)('$method $path takes no cookie alone, nor with less than a page of ours sends', async endpoint => {
  const { app, make } = await appWithTokens()
  const [{ cookie, csrf, changing }, other] = [
    await logIn(app, (await make('admin')).text),
    await logIn(app, (await make('admin')).text)
  ]
  const line = `${endpoint.method} ${endpoint.path.replace('/scheduler/', '').replace(/\{\w+\}/, 'daily')}`
  const from = (site: string) => ({ ...changing, 'sec-fetch-site': site })
  const forged = [
    { cookie },
    { ...json, cookie },
    { ...json, cookie, 'x-escapement-csrf': other.csrf },
    { cookie, 'x-escapement-csrf': csrf, 'content-type': 'text/plain' },
    from('cross-site'),
    from('same-site'),
    from('none')
  ]
  for (const headers of forged) expect(await outcomeOf(ask(app, line, headers, {}))).toBe('403 csrf-refused')
  expect(await outcomeOf(ask(app, line, from('same-origin'), {}))).not.toBe('403 csrf-refused')
})

test('every response forbids what a browser could do with it', async () => {
  const { app, make } = await appWithTokens()
  const { cookie } = await logIn(app, (await make('viewer')).text)
  for (const line of ['GET jobs', 'GET session', 'GET metrics', 'GET nothing', 'POST jobs/x/retry']) {
    const { headers } = await ask(app, line, { cookie })
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*trusted-types 'none'$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

test('a token that is revoked while somebody logs in with it gives no session', async () => {
  const { app, make } = await appWithTokens()
  const { text } = await make('viewer')
  vi.spyOn(await app.store(), 'makeSession').mockResolvedValue('refused')
  const asked = ask(app, 'POST session', { ...json, authorization: `Bearer ${text}` }, {})
  expect(await outcomeOf(asked)).toBe('401 token-unknown')
})
