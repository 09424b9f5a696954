import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { freshFile } from '../stores/sqlite/folder.ts'
import { createEscapement, every, schedule, task } from '../../src/index.ts'

const TOKEN = 'a-token-of-sixteen'
const mail = task<{ to: string } | null>('mail', { handler: () => undefined, queue: 'letters' })
const daily = schedule('daily', { task: mail, trigger: every('24h'), payload: null })
const hourly = { kind: 'interval', everyMs: 3_600_000 }

beforeEach(() => void vi.stubEnv('SCHEDULER_API_TOKEN', TOKEN))
afterEach(() => void vi.unstubAllEnvs())

async function asked(database = 'memory:') {
  const app = createEscapement({ database, logger: false, tasks: [mail], schedules: [daily] })
  onTestFinished(() => app.stop())
  await app.start({ roles: ['scheduler'] })
  const ask = async (line: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
    const [method, path] = line.split(' ') as [string, string]
    const response = await app.fetch(
      new Request(`http://localhost/api/v1/scheduler/schedules/${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
    )
    const { status } = response
    return { status, tag: response.headers.get('etag'), body: (await response.json()) as Record<string, unknown> }
  }
  return { app, ask }
}

describe('a schedule that is put by HTTP', () => {
  test('belongs to the calls of the app, is changed, removed and restored, each with its entry in the audit', async () => {
    const { app, ask } = await asked()
    const put = { task: 'mail', trigger: hourly, payload: { to: 'ann' }, maxFires: 9, reason: 'a new customer' }
    const made = await ask('PUT digest', put, { 'if-none-match': '*' })
    expect(made).toMatchObject({ status: 200, tag: '"1"', body: { id: 'digest', owner: 'calls', outcome: 'created' } })
    const changed = await ask('PATCH digest', { maxFires: null, queue: 'slow' }, { 'if-match': made.tag! })
    expect(changed).toMatchObject({ status: 200, tag: '"2"', body: { definition: { maxFires: null, queue: 'slow' } } })
    expect(await ask('DELETE digest', {}, { 'if-match': changed.tag! })).toEqual({
      status: 200,
      tag: null,
      body: { id: 'digest' }
    })
    expect((await ask('GET digest')).body).toMatchObject({ phase: 'removed' })
    expect((await ask('POST digest/restore')).body).toMatchObject({ phase: 'active', phaseBy: null })
    expect(await app.schedules.get('digest')).toMatchObject({ definition: { payload: { to: 'ann' }, queue: 'slow' } })
    const { items } = await app.audit.list({ targetId: 'digest' })
    expect(items.map(({ action }) => action)).toEqual([
      'schedule.restore',
      'schedule.remove',
      'schedule.update',
      'schedule.put'
    ])
    expect(items.at(-1)).toMatchObject({ via: 'api', reason: 'a new customer' })
  })

  test('is refused to code that names its id later, and so is one of code to calls', async () => {
    const database = `sqlite:${freshFile()}`
    const { app, ask } = await asked(database)
    await ask('PUT digest', { task: 'mail', trigger: hourly })
    const schedules = [daily, schedule('digest', { task: mail, trigger: every('5m'), payload: null })]
    const later = createEscapement({ database, logger: false, tasks: [mail], schedules, release: 2 })
    onTestFinished(() => later.stop())
    await later.start({ roles: ['scheduler'] })
    expect((await ask('GET digest')).body).toMatchObject({ owner: 'calls', trigger: { everyMs: 3_600_000 } })
    const any = { 'if-match': '*' }
    for (const [line, body] of [
      ['PUT daily', { task: 'mail', trigger: hourly }],
      ['PATCH daily', { priority: 3 }]
    ] as const)
      expect(await ask(line, body, any)).toMatchObject({ status: 409, body: { code: 'schedule-refused' } })
    expect(await app.schedules.get('daily')).toMatchObject({ owner: 'code', definition: { priority: mail.priority } })
  })

  test('is restored only if it was removed: one that is there stays as it is', async () => {
    const { ask } = await asked()
    const before = await ask('GET daily')
    expect(await ask('POST daily/restore')).toMatchObject({ status: 200, body: { phase: 'active' } })
    expect((await ask('GET daily')).tag).toBe(before.tag)
    expect(await ask('POST none/restore')).toMatchObject({ status: 404, body: { code: 'schedule-unknown' } })
  })
})

describe('a change that does not fit what is there', () => {
  test('is refused without If-Match where it needs one', async () => {
    const { ask } = await asked()
    const refused = { status: 428, body: { code: 'precondition-missing' } }
    expect(await ask('PATCH daily', { priority: 1 })).toMatchObject(refused)
    expect(await ask('DELETE daily')).toMatchObject(refused)
    expect((await ask('GET daily')).body).toMatchObject({ phase: 'active', revision: 1 })
  })

  test.each([
    ['PUT digest', { task: 'mail', trigger: hourly }],
    ['PATCH digest', { priority: 3 }],
    ['DELETE digest', undefined]
  ])('%s is refused for another revision, and writes nothing', async (line, body) => {
    const { ask } = await asked()
    const { tag } = await ask('PUT digest', { task: 'mail', trigger: { ...hourly, everyMs: 60_000 } })
    await ask('PATCH digest', { priority: 7 }, { 'if-match': tag! })
    for (const stale of [tag!, 'W/"2"', '2', '"x"'])
      expect(await ask(line, body, { 'if-match': stale })).toMatchObject({
        status: 412,
        body: { code: 'schedule-changed' }
      })
    expect(await ask('GET digest')).toMatchObject({ tag: '"2"', body: { phase: 'active' } })
    expect((await ask(line, body, { 'if-match': '"9", "2"' })).status).toBe(200)
  })

  test('If-None-Match creates only', async () => {
    const { ask } = await asked()
    const put = { task: 'mail', trigger: hourly }
    const only = { 'if-none-match': '*' }
    expect(await ask('PUT digest', put, only)).toMatchObject({ status: 200 })
    expect(await ask('PUT digest', put, only)).toMatchObject({ status: 412 })
    await ask('DELETE digest', {}, { 'if-match': '*' })
    expect(await ask('PUT digest', put, only)).toMatchObject({ status: 200, body: { outcome: 'created' } })
  })
})

test.each([
  [{ task: 'mail', trigger: { kind: 'cron', expression: '0 0 30 2 *' } }, 400, 'cron-impossible'],
  [
    { task: 'mail', trigger: { kind: 'cron', expression: '* * * * *', timezone: 'Mars/Base' } },
    400,
    'timezone-invalid'
  ],
  [{ task: 'mail', trigger: { kind: 'moon' } }, 400, 'trigger-invalid'],
  [{ task: 'mail', trigger: hourly, payload: '\ud800' }, 400, 'payload-invalid'],
  [{ task: 'none', trigger: hourly }, 409, 'task-unknown'],
  [{ task: 'mail', trigger: {} }, 400, 'request-invalid']
])('%j is refused', async (body, status, code) => {
  const { app, ask } = await asked()
  expect(await ask('PUT digest', body)).toMatchObject({ status, body: { code } })
  expect(await app.schedules.get('digest')).toBeUndefined()
})
