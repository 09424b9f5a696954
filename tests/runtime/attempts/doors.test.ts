import * as v from 'valibot'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createEscapement,
  defineConfig,
  type Escapement,
  type EscapementConfig,
  every,
  schedule,
  task
} from '../../../src/index.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { aDefinition, aJob, ManualClock, ManualNode, openMemoryStore } from '../../../src/testing.ts'

const mail = task('mail', { handler: () => undefined })

function app(config: EscapementConfig = {}): Escapement {
  const made = createEscapement({ database: 'memory:', logger: false, tasks: [mail], ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

/** Calls with options that the types refuse, too. */
type Loose = Record<string, (...given: unknown[]) => unknown>
const loosely = (made: object): Loose => made as Loose
const one = [{ to: 'ann' }]

describe('a call with an option that is unknown or of another form is refused, and nothing is done', () => {
  test.each<[string, (made: Escapement) => unknown, string]>([
    [
      'enqueue',
      made => loosely(made)['enqueue']!(mail, 1, { uniquekey: 'a' }),
      'enqueue() has the unknown option "uniquekey"; did you mean "uniqueKey"?'
    ],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, { jobId: 'a' }), 'did you mean "id"?'],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, { startAfter: 1 }), 'did you mean "runAt"?'],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, { maxAttempts: 1 }), 'known are "runAt", "delay"'],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, null), 'enqueue() has null as its options'],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, '5m'), 'enqueue() has "5m" as its options'],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, new Map([['delay', '5m']])), 'an object of Map'],
    [
      'enqueue',
      made => loosely(made)['enqueue']!(mail, 1, { delay: '5 minutes' }),
      'The delay of a job got "5 minutes"'
    ],
    [
      'enqueue',
      made => loosely(made)['enqueue']!(mail, 1, { runAt: null }),
      'has runAt null; it takes a Date or epoch milliseconds'
    ],
    [
      'enqueue',
      made => loosely(made)['enqueue']!(mail, 1, { runAt: '2026-01-01T00:00:00Z' }),
      'Write new Date("2026-01-01T00:00:00Z")'
    ],
    ['enqueue', made => loosely(made)['enqueue']!(mail, 1, { runAt: true }), 'has runAt true'],
    ['enqueue', made => loosely(made)['enqueue']!(() => 1, 1), 'it takes what task() returns'],
    ['enqueue', made => loosely(made)['enqueue']!(undefined, 1), 'The task of a job is undefined'],
    ['enqueueMany', made => loosely(made)['enqueueMany']!(mail, one, { prio: 1 }), 'unknown option "prio"'],
    ['enqueueMany', made => loosely(made)['enqueueMany']!(mail, one, { uniqueKey: 'a' }), 'did you mean "each"?'],
    [
      'enqueueMany',
      made => loosely(made)['enqueueMany']!(mail, one, { each: 'a' }),
      'has each "a"; it takes a function'
    ],
    [
      'enqueueMany: each',
      made => loosely(made)['enqueueMany']!(mail, one, { each: () => ({ uniquekey: 'a' }) }),
      'what each() returns has the unknown option "uniquekey"'
    ],
    [
      'enqueueMany: each',
      made => loosely(made)['enqueueMany']!(mail, one, { each: async () => ({}) }),
      'an object of Promise'
    ],
    ['enqueueMany: payloads', made => loosely(made)['enqueueMany']!(mail, { to: 'ann' }), 'it takes a list'],
    ['enqueueMany: payloads', made => loosely(made)['enqueueMany']!(mail, new Set(one)), 'Write [...payloads].'],
    [
      'jobs.list',
      made => loosely(made.jobs)['list']!({ state: 'failed' }),
      'has state "failed"; it takes "scheduled" or'
    ],
    [
      'jobs.list',
      made => loosely(made.jobs)['list']!({ state: 'failed' }),
      '"discarded" for those that failed for good'
    ],
    ['jobs.list', made => loosely(made.jobs)['list']!({ state: 'canceled' }), 'Did you mean "cancelled"?'],
    ['jobs.list', made => loosely(made.jobs)['list']!({ state: ['running'] }), 'Ask for one state at a time.'],
    ['jobs.list', made => loosely(made.jobs)['list']!({ status: 'running' }), 'did you mean "state"?'],
    ['jobs.list', made => loosely(made.jobs)['list']!({ schedule: 'a' }), 'did you mean "scheduleId"?'],
    ['jobs.list', made => loosely(made.jobs)['list']!({ limit: 5 }), 'unknown option "limit"'],
    ['jobs.list: page', made => loosely(made.jobs)['list']!({}, { limt: 5 }), 'did you mean "limit"?'],
    [
      'jobs.list: page',
      made => loosely(made.jobs)['list']!({}, { limit: 0 }),
      'has limit 0; it takes a whole number from 1 to 1000'
    ],
    ['jobs.list: page', made => loosely(made.jobs)['list']!({}, 5), 'has 5 as its options'],
    ['schedules.ledger', made => loosely(made.schedules)['ledger']!('a', { limits: 5 }), 'did you mean "limit"?'],
    ['schedules.ledger', made => loosely(made.schedules)['ledger']!('a', { limit: '5' }), 'has limit "5"'],
    [
      'start',
      made => loosely(made)['start']!({ role: ['worker'] }),
      'start() has the unknown option "role"; did you mean "roles"?'
    ],
    [
      'start',
      made => loosely(made)['start']!({ roles: 'worker' }),
      'it takes a list of one or more of "web", "scheduler", "worker"'
    ],
    [
      'stop',
      made => loosely(made)['stop']!({ grace: 5 }),
      'stop() has the unknown option "grace"; did you mean "graceMs"?'
    ],
    ['stop', made => loosely(made)['stop']!({ graceMs: '5s' }), 'has graceMs "5s"'],
    ['fetch', made => loosely(made)['fetch']!({ url: '/', method: 'GET', headers: {} }, {}), 'a request of node:http'],
    [
      'fetch',
      made => loosely(made)['fetch']!({ url: '/', method: 'GET', headers: {} }, {}),
      'app.use(escapement.handler)'
    ],
    ['fetch', made => loosely(made)['fetch']!('/api/v1/health'), 'fetch() got "/api/v1/health"']
  ])('%s', async (_, call, message) => {
    const made = app()
    await expect((async () => call(made))()).rejects.toMatchObject({
      name: 'EscapementError',
      message: expect.stringContaining(message)
    })
    expect((await made.jobs.list()).items).toEqual([])
  })

  test.each<[string, () => unknown, string]>([
    ['onPrimary', () => loosely(app())['onPrimary']!({ onElect: () => 1 }), 'did you mean "onElected"?'],
    ['onPrimary', () => loosely(app())['onPrimary']!({ onElected: 'x' }), 'it takes a function'],
    ['onPrimary', () => loosely(app())['onPrimary']!(() => 1), 'onPrimary() has a function as its options'],
    ['createEscapement', () => createEscapement({ worker: { concurency: 1 } } as never), 'did you mean "concurrency"?'],
    ['createEscapement', () => createEscapement({ shutdownGrace: '5 minutes' }), 'Write "5m".'],
    ['createEscapement', () => createEscapement({ defaults: { timezone: 'Europe/Pariss' } }), 'Write "Europe/Paris".'],
    [
      'createEscapement',
      () => createEscapement({ coordination: { backend: 'file', lockpath: 'x' } } as never),
      'did you mean "lockPath"?'
    ],
    ['defineConfig', () => defineConfig({ task: [mail] } as never), 'did you mean "tasks"?'],
    ['ManualNode', () => new ManualNode({ task: [mail] } as never), 'did you mean "tasks"?'],
    ['ManualNode: config', () => new ManualNode({ config: { lease: { tttl: 1 } } } as never), 'did you mean "ttl"?'],
    ['ManualClock', () => new ManualClock('tomorrow'), 'ManualClock got "tomorrow"'],
    ['aJob', () => aJob({ prioritty: 1 } as never), 'did you mean "priority"?'],
    ['aDefinition', () => aDefinition({ maxInstance: 1 } as never), 'did you mean "maxInstances"?'],
    ['openMemoryStore', () => openMemoryStore({ clok: new ManualClock() } as never), 'did you mean "clock"?']
  ])('%s', (_, call, message) => {
    expect(call).toThrow(
      expect.objectContaining({ name: 'EscapementError', message: expect.stringContaining(message) })
    )
  })

  test('openSqliteStore', async () => {
    const opening = openSqliteStore({ path: 'x.db', clock: new ManualClock() } as never)
    await expect(opening).rejects.toThrow('The SQLite store has the unknown option "path"; known are "file", ')
  })
})

test.each<[string, unknown]>([
  ['no prototype', Object.assign(Object.create(null), { uniqueKey: 'a' })],
  ['undefined values', { uniqueKey: undefined, delay: undefined, runAt: undefined, client: undefined }],
  ['a Date of another realm', { runAt: Object.assign(Object.create({ valueOf: () => 5 }), {}) }],
  ['nothing', undefined]
])('%s is taken', async (_, options) => {
  await expect(app().enqueue(mail, 1, options as never)).resolves.toMatchObject({ outcome: 'enqueued' })
})

test('a page by its cursor alone has the usual limit', async () => {
  const made = app()
  const answers = await made.enqueueMany(mail, [1, 2, 3])
  const { items } = await made.jobs.list({}, { cursor: answers[2]!.id })
  expect(items.map(({ id }) => id)).toEqual([answers[1]!.id, answers[0]!.id])
})

test.each<[string, (context: { step: Loose[string]; transaction: Loose[string] }) => unknown, string]>([
  [
    'a step without a function',
    ({ step }) => step('load', { retries: 3 }),
    'The step "load" has an object of Object; it takes a function.'
  ],
  ['a step without a name', ({ step }) => step(() => 1), 'The name of a step is a function; it takes a text'],
  [
    'a transaction without a body',
    ({ transaction }) => transaction({ isolation: 'serializable' }),
    'transaction() got no function'
  ]
])('%s', async (_, handle, message) => {
  const wrong = task('wrong', { maxAttempts: 1, handler: context => handle(context as never) as never })
  const node = new ManualNode({ tasks: [wrong] })
  onTestFinished(() => node.stop())
  await node.start()
  const { id } = await node.enqueuer.enqueue(wrong, null)
  await node.work()
  expect((await node.store.readJob(id))?.errors).toMatchObject([{ message: expect.stringContaining(message) }])
})

test("a schedule's payload that a schema refuses later is told by the start", async () => {
  const later = task('later', {
    handler: () => undefined,
    schema: v.pipeAsync(
      v.string(),
      v.checkAsync(async () => false, 'never good')
    )
  })
  const made = app({
    tasks: [later],
    schedules: [schedule('daily', { task: later, trigger: every('1d'), payload: 'x' })]
  })
  await expect(made.start()).rejects.toMatchObject({
    code: 'payload-invalid',
    message: expect.stringContaining('never good')
  })
})

test('no payload is as good as null for a schema that takes either, from the enqueue to the handler', async () => {
  const seen: unknown[] = []
  const maybe = task('maybe', { handler: ({ payload }) => void seen.push(payload), schema: v.optional(v.string()) })
  const node = new ManualNode({ tasks: [maybe] })
  onTestFinished(() => node.stop())
  await node.start()
  await node.enqueuer.enqueue(maybe, undefined)
  await node.work()
  expect(seen).toHaveLength(1)
})
