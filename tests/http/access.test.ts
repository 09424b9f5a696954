import { expect, onTestFinished, test } from 'vitest'
import type { AccessRole } from '../../src/core/access/audit.ts'
import { systemClock } from '../../src/clock/system.ts'
import { createEscapement, type Escapement, every, schedule, task } from '../../src/index.ts'
import { newId } from '../../src/new-id.ts'
import { Tokens } from '../../src/operations/access/tokens.ts'

const mail = task('mail', { handler: () => undefined })
const daily = schedule('daily', { task: mail, trigger: every('24h') })

/** An app for which no token is configured, and tokens in its books. */
async function appWithTokens() {
  const app = createEscapement({ database: 'memory:', tasks: [mail], schedules: [daily], logger: false })
  onTestFinished(() => app.stop())
  await app.start({ roles: ['scheduler'] })
  const tokens = new Tokens({ store: await app.store(), clock: systemClock, newId })
  const make = (role: AccessRole, expiresAt?: number) =>
    tokens.create({ name: `${role} of the tests`, role, expiresAt })
  return { app, tokens, make }
}

async function ask(app: Escapement, line: string, token: string, body?: object) {
  const [method, path] = line.split(' ') as [string, string]
  const request = new Request(`http://localhost/api/v1/scheduler/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const response = await app.fetch(request)
  const { code = 'ok' } = (await response.json()) as { code?: string }
  return `${response.status} ${code}`
}

test('each role may do what it may: a viewer looks, an operator also steers, an admin also deletes', async () => {
  const { app, make } = await appWithTokens()
  const lines = ['GET jobs', 'GET audit', 'POST schedules/daily/pause', 'DELETE jobs/x']
  const may = async (role: AccessRole): Promise<string[]> => {
    const { text } = await make(role)
    return Promise.all(lines.map(line => ask(app, line, text)))
  }
  const low = '403 role-too-low'
  expect(await may('viewer')).toEqual(['200 ok', low, low, low])
  expect(await may('operator')).toEqual(['200 ok', '200 ok', '200 ok', low])
  expect(await may('admin')).toEqual(['200 ok', '200 ok', '200 ok', '404 job-unknown'])
})

test('a token that was revoked or has expired is refused with the next request, as is one with another secret', async () => {
  const { app, tokens, make } = await appWithTokens()
  const [one, other, short] = [await make('admin'), await make('admin'), await make('admin', Date.now() + 500)]
  expect(await ask(app, 'GET jobs', one.text)).toBe('200 ok')
  await tokens.revoke(one.id)
  expect(await ask(app, 'GET jobs', one.text)).toBe('401 token-wrong')
  expect(await ask(app, 'GET jobs', `esc_${other.id}_${one.text.slice(-43)}`)).toBe('401 token-wrong')
  expect(await ask(app, 'GET jobs', other.text)).toBe('200 ok')
  await expect.poll(() => ask(app, 'GET jobs', short.text)).toBe('401 token-wrong')
})

test('a change is in the audit with who made it and why; what is refused is there too, counted', async () => {
  const { app, make } = await appWithTokens()
  const [operator, viewer] = [await make('operator'), await make('viewer')]
  await ask(app, 'POST schedules/daily/pause', operator.text, { note: 'no mail today', reason: 'the bank is closed' })
  for (let time = 0; time < 3; time++) await ask(app, 'POST schedules/daily/resume', viewer.text)
  await ask(app, 'GET jobs', 'wrong')
  const entries = async () => (await app.audit.list()).items.filter(({ via }) => via === 'api')
  const sum = async (outcome: string): Promise<number> =>
    (await entries()).filter(entry => entry.outcome === outcome).reduce((all, { count }) => all + count, 0)
  await expect.poll(() => sum('refused')).toBe(4)
  const found = await entries()
  expect(found.find(({ action }) => action === 'schedule.pause')).toMatchObject({
    actor: 'operator of the tests',
    role: 'operator',
    targetId: 'daily',
    reason: 'the bank is closed',
    after: { phase: 'paused' },
    outcome: 'done'
  })
  expect(found.find(({ action }) => action === 'schedule.resume')).toMatchObject({
    actor: 'viewer of the tests',
    role: 'viewer',
    targetId: 'daily'
  })
  expect(found.find(({ action }) => action === 'api.use')).toMatchObject({ actor: 'unknown', outcome: 'refused' })
})
