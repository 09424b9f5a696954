import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, task } from '../../src/index.ts'

const TOKEN = 'a-token-of-sixteen'
const ID = '019cae00-0000-7000-8000-000000000001'
const schema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value: unknown) => (typeof value === 'string' ? { value } : { issues: [{ message: 'it takes a text' }] })
  }
} as const
const mail = task('mail', { handler: () => undefined, schema, queue: 'letters' })
const pay = task('pay', { handler: () => undefined, delivery: 'at-most-once' })

beforeEach(() => void vi.stubEnv('SCHEDULER_API_TOKEN', TOKEN))
afterEach(() => void vi.unstubAllEnvs())

async function asked(roles: readonly ('worker' | 'scheduler')[] = ['worker']) {
  const app = createEscapement({ database: 'memory:', tasks: [mail, pay], logger: false })
  onTestFinished(() => app.stop())
  await app.start({ roles })
  const ask = async (line: string, body?: object) => {
    const [method, path] = line.split(' ') as [string, string]
    const response = await app.fetch(
      new Request(`http://localhost/api/v1/scheduler/${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
    )
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { app, ask }
}

const later = { task: 'mail', payload: 'ann', delay: '1h' }

describe('a job that is enqueued by HTTP', () => {
  test('has its options, its entry in the audit, and is there once under its id', async () => {
    const { app, ask } = await asked()
    const body = { ...later, id: ID, priority: -3, uniqueKey: 'ann', reason: 'she asked' }
    expect(await ask('POST jobs', body)).toEqual({ status: 200, body: { id: ID, outcome: 'enqueued' } })
    expect(await ask('POST jobs', body)).toEqual({ status: 200, body: { id: ID, outcome: 'exists' } })
    const other = { ...body, id: '019cae00-0000-7000-8000-000000000002' }
    expect(await ask('POST jobs', other)).toEqual({ status: 200, body: { id: ID, outcome: 'duplicate' } })
    expect(await app.jobs.get(ID)).toMatchObject({ state: 'scheduled', queue: 'letters', priority: -3, payload: 'ann' })
    const { items } = await app.audit.list({ action: 'job.enqueue' })
    expect(items).toMatchObject([{ targetId: ID, via: 'api', reason: 'she asked' }])
  })

  test('is refused if no live process runs its task, unless it may wait', async () => {
    const { ask } = await asked(['scheduler'])
    expect(await ask('POST jobs', later)).toMatchObject({ status: 409, body: { code: 'task-not-run' } })
    expect(await ask('POST jobs', { ...later, mayWait: true })).toMatchObject({ status: 200 })
  })

  test.each([
    [{ task: 'none', mayWait: true }, 409, 'task-unknown'],
    [{ ...later, payload: 5 }, 400, 'payload-invalid'],
    [{ ...later, payload: 'a\u0000b' }, 400, 'payload-invalid'],
    [{ ...later, runAt: '2999-01-01T00:00:00Z' }, 400, 'duration-invalid'],
    [{ ...later, id: 'x' }, 400, 'id-invalid'],
    [{ ...later, uniqueKey: ' x' }, 400, 'id-invalid'],
    [{ ...later, dealy: '1h' }, 400, 'request-invalid']
  ])('is refused: %j', async (body, status, code) => {
    const { app, ask } = await asked()
    expect(await ask('POST jobs', body)).toMatchObject({ status, body: { code } })
    expect((await app.jobs.list()).items).toEqual([])
  })
})

describe('another payload', () => {
  test('of a job that has not begun takes the place of the old one', async () => {
    const { app, ask } = await asked()
    const { id } = await app.enqueue(mail, 'ann', { delay: '1h' })
    expect(await ask(`PATCH jobs/${id}`, { payload: 5 })).toMatchObject({ body: { code: 'payload-invalid' } })
    expect(await ask(`PATCH jobs/${id}`, { payload: 'bob' })).toMatchObject({ status: 200, body: { id } })
    expect(await app.jobs.get(id)).toMatchObject({ payload: 'bob' })
  })

  test('of a finished job makes a new one, which the audit names with the old one', async () => {
    const { app, ask } = await asked()
    const { id } = await app.enqueue(mail, 'ann')
    await app.jobs.result(id)
    const { status, body } = await ask(`POST jobs/${id}/retry`, { payload: 'bob', reason: 'wrong name' })
    const newId = body['id'] as string
    expect([status, newId === id]).toEqual([200, false])
    expect(await app.jobs.get(newId)).toMatchObject({ payload: 'bob', queue: 'letters' })
    expect(await app.jobs.get(id)).toMatchObject({ payload: 'ann', state: 'completed' })
    const waiting = await app.enqueue(mail, 'ann', { delay: '1h' })
    const refused = { status: 409, body: { code: 'job-not-finished' } }
    expect(await ask(`POST jobs/${waiting.id}/retry`, { payload: 'x' })).toMatchObject(refused)
    const { items } = await app.audit.list({ targetId: newId })
    expect(items).toMatchObject([{ action: 'job.retry', before: { jobId: id }, reason: 'wrong name' }])
  })

  test('of one that is to run at most once has to say "again"', async () => {
    const { app, ask } = await asked()
    const { id } = await app.enqueue(pay, 1)
    await app.jobs.result(id)
    const refused = { status: 409, body: { code: 'job-at-most-once' } }
    expect(await ask(`POST jobs/${id}/retry`, { payload: 2 })).toMatchObject(refused)
    expect(await ask(`POST jobs/${id}/retry`, { payload: 2, again: true })).toMatchObject({ status: 200 })
  })
})
