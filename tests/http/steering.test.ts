import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, every, schedule, task } from '../../src/index.ts'

const TOKEN = 'a-token-of-sixteen'
const mail = task('mail', { handler: () => undefined, queue: 'letters' })
const pay = task('pay', { handler: () => undefined, delivery: 'at-most-once' })
const daily = schedule('daily', { task: mail, trigger: every('24h') })

beforeEach(() => void vi.stubEnv('SCHEDULER_API_TOKEN', TOKEN))
afterEach(() => void vi.unstubAllEnvs())

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

/** An app that has started nothing, and its API, asked by somebody with the token. */
async function asked() {
  const app = createEscapement({ database: 'memory:', tasks: [mail, pay], schedules: [daily] })
  onTestFinished(() => app.stop())
  await app.start({ roles: ['scheduler'] })
  const ask = async (line: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const [method, path] = line.split(' ') as [string, string]
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
    const request = new Request(`http://localhost/api/v1/scheduler/${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      ...(text === undefined ? {} : { body: text })
    })
    const response = await app.fetch(request)
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers }
  }
  return { app, ask }
}

async function discarded(app: Escapement): Promise<string> {
  const { id } = await app.enqueue(mail, null)
  await app.jobs.cancel(id)
  return id
}

describe('what operators do to', () => {
  test('a schedule: pause with a note, resume, run now', async () => {
    const { app, ask } = await asked()
    const paused = await ask('POST schedules/daily/pause', { note: 'until the bank is back' })
    expect(paused).toMatchObject({
      status: 200,
      body: { id: 'daily', phase: 'paused', pauseNote: 'until the bank is back' }
    })
    expect((await ask('POST schedules/daily/resume')).body).toMatchObject({ phase: 'active', pauseNote: null })
    const { body } = await ask('POST schedules/daily/run')
    expect(await app.jobs.get(body['jobId'] as string)).toMatchObject({ scheduleId: 'daily', origin: 'manual' })
    expect(await ask('POST schedules/daily/run')).toMatchObject({ status: 409, body: { code: 'schedule-overlapping' } })
    expect(await ask('POST schedules/none/run')).toMatchObject({ status: 404, body: { code: 'schedule-unknown' } })
  })

  test('a job: put off, cancel, retry, delete', async () => {
    const { app, ask } = await asked()
    const { id } = await app.enqueue(mail, null)
    const runAt = '2999-01-01T00:00:00.000Z'
    expect((await ask(`PATCH jobs/${id}`, { runAt, priority: -3 })).body).toMatchObject({ runAt, priority: -3 })
    expect((await ask(`POST jobs/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' })
    expect(await ask(`POST jobs/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'job-finished' } })
    expect(await ask(`PATCH jobs/${id}`, { priority: 1 })).toMatchObject({ body: { code: 'job-not-waiting' } })
    expect((await ask(`POST jobs/${id}/retry`)).body).toMatchObject({ id, state: 'available' })
    expect(await ask(`POST jobs/${id}/retry`)).toMatchObject({ status: 409, body: { code: 'job-not-finished' } })
    expect(await ask(`DELETE jobs/${id}`)).toMatchObject({ status: 409, body: { code: 'job-not-finished' } })
    await app.jobs.cancel(id)
    expect(await ask(`DELETE jobs/${id}`)).toMatchObject({ status: 200, body: { id } })
    for (const line of [`DELETE jobs/${id}`, `POST jobs/${id}/cancel`, `POST jobs/${id}/retry`])
      expect(await ask(line)).toMatchObject({ status: 404, body: { code: 'job-unknown' } })
  })

  test('a job that is to run at most once: a retry has to say "again"', async () => {
    const { app, ask } = await asked()
    const once = await app.enqueue(pay, null)
    await app.jobs.cancel(once.id)
    expect(await ask(`POST jobs/${once.id}/retry`)).toMatchObject({ status: 409, body: { code: 'job-at-most-once' } })
    expect(await ask(`POST jobs/${once.id}/retry`, { again: true })).toMatchObject({ status: 200 })
  })

  test('a queue: pause and resume, whether it has jobs or not', async () => {
    const { app, ask } = await asked()
    expect((await ask('POST queues/letters/pause')).body).toEqual({ queue: 'letters', isPaused: true })
    expect(await app.queues.list()).toMatchObject([{ queue: 'letters', pausedAt: expect.any(Date) }])
    expect((await ask('POST queues/letters/resume')).body).toEqual({ queue: 'letters', isPaused: false })
    expect(await app.queues.list()).toEqual([])
    expect(await ask('POST queues/%20/pause')).toMatchObject({ status: 400, body: { code: 'id-invalid' } })
  })
})

describe('a body is refused', () => {
  test.each([
    ['{"nots":"x"}', '/nots', 'did you mean "note"'],
    ['{"note":5}', '/note', 'It is 5; it takes a text'],
    ['{"note":"a\\nb"}', '/note', 'on one line'],
    ['{"note":""}', '/note', 'a text of 1 to'],
    ['{"constructor":1}', '/constructor', 'unknown'],
    ['{"__proto__":{"note":"x"}}', '/__proto__', 'unknown'],
    ['[]', '', 'no object'],
    ['null', '', 'no object'],
    ['{"note":', '', 'no JSON'],
    ['{"a":'.repeat(33), '', 'deeper than 32']
  ])('%s, by the place in it', async (text, pointer, says) => {
    const { app, ask } = await asked()
    const { status, body } = await ask('POST schedules/daily/pause', text)
    expect([status, body['code'], body['errors']]).toEqual([
      400,
      'request-invalid',
      [{ pointer, detail: expect.stringContaining(says) }]
    ])
    expect(await app.schedules.get('daily')).toMatchObject({ phase: 'active' })
  })

  test('that asks for no change, or that nobody takes', async () => {
    const { app, ask } = await asked()
    const id = await discarded(app)
    expect(await ask(`PATCH jobs/${id}`, {})).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '', detail: 'It takes at least one of runAt, priority and payload.' }] }
    })
    expect(await ask(`POST jobs/${id}/cancel`, { force: true })).toMatchObject({ status: 400 })
  })

  test('of another type, since a form of another site could send that', async () => {
    const { app, ask } = await asked()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])
      expect(await ask('POST schedules/daily/pause', '{}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'content-type-wrong' }
      })
    expect(await app.schedules.get('daily')).toMatchObject({ phase: 'active' })
    expect(
      await ask('POST schedules/daily/pause', '{}', { 'content-type': 'application/json; charset=utf-8' })
    ).toMatchObject({ status: 200 })
  })

  test('that is too large, also when it does not say so, and no more of it is read', async () => {
    const { app, ask } = await asked()
    expect(await ask('POST schedules/daily/pause', { note: 'x'.repeat(300_000) })).toMatchObject({ status: 413 })
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: controller => {
        pulled += 1
        controller.enqueue(new Uint8Array(64_000))
      }
    })
    const request = new Request('http://localhost/api/v1/scheduler/schedules/daily/pause', {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    })
    expect((await app.fetch(request)).status).toBe(413)
    expect(pulled).toBeLessThan(10)
  })
})

test('nobody changes anything without a token, or by a method that the path does not take', async () => {
  const { app, ask } = await asked()
  const bare = { authorization: '' }
  for (const line of ['POST schedules/daily/pause', 'POST queues/letters/pause', 'DELETE jobs/x'])
    expect(await ask(line, undefined, bare)).toMatchObject({ status: 401 })
  expect(await app.schedules.get('daily')).toMatchObject({ phase: 'active' })
  const wrong = await ask('DELETE schedules/daily/pause')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await ask('PUT jobs/x')).headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE')
})
