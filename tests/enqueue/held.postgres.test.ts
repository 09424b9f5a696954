import { Client } from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEscapement, type Escapement, type EscapementConfig, every, schedule, task } from '../../src/index.ts'
import { freshDatabase } from '../stores/postgres/server.ts'

interface Harbour {
  readonly app: Escapement
  /** Another client of the database, in a transaction of its own. */
  readonly other: Client
}

async function harbour(config: EscapementConfig): Promise<Harbour> {
  const url = await freshDatabase()
  const app = createEscapement({ database: url, logger: false, ...config })
  const other = new Client(url)
  await other.connect()
  onTestFinished(async () => {
    await other.end()
    await app.stop({ graceMs: 0 })
  })
  await app.queues.list()
  return { app, other }
}

const load = task('load', { handler: ({ payload }) => payload })

/** Whether it has come to an end by now. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) === pending
}

describe('while a transaction of another client holds a unique key', () => {
  const hold = `BEGIN; SELECT escapement.enqueue('load', unique_key => 'berth 4', id => '00000000-0000-7000-8000-000000000001')`

  test('of two callers in one batch the other is answered, and so are all who come later', async () => {
    const { app, other } = await harbour({ tasks: [load] })
    await other.query(hold)
    const blocked = app.enqueue(load, 1, { uniqueKey: 'berth 4' })
    const beside = [2, 3].map(crate => app.enqueue(load, crate, { uniqueKey: `berth 4${crate}` }))
    expect((await Promise.all(beside)).map(({ outcome }) => outcome)).toEqual(['enqueued', 'enqueued'])
    for (let crate = 4; crate < 9; crate++)
      expect(await app.enqueue(load, crate)).toMatchObject({ outcome: 'enqueued' })
    expect(await isPending(blocked)).toBe(true)
    await other.query('COMMIT')
    expect(await blocked).toEqual({ outcome: 'duplicate', id: '00000000-0000-7000-8000-000000000001' })
  })

  test('many who wait for it leave the connections to the others, and all are answered after its end', async () => {
    const { app, other } = await harbour({ tasks: [load] })
    await other.query(hold)
    const blocked = Array.from({ length: 200 }, (_, crate) => app.enqueue(load, crate, { uniqueKey: 'berth 4' }))
    expect(await app.enqueue(load, 1)).toMatchObject({ outcome: 'enqueued' })
    await other.query('ROLLBACK')
    const outcomes = (await Promise.all(blocked)).map(({ outcome }) => outcome)
    expect(outcomes.filter(outcome => outcome === 'enqueued')).toHaveLength(1)
    expect(outcomes.filter(outcome => outcome === 'duplicate')).toHaveLength(199)
  })

  test('one call for many writes the others at once', async () => {
    const { app, other } = await harbour({ tasks: [load] })
    await other.query(hold)
    const all = app.enqueueMany(load, [1, 2, 3, 4], { each: crate => ({ uniqueKey: `berth ${crate}` }) })
    await vi.waitUntil(async () => (await app.queues.list())[0]?.counts.available === 3)
    expect(await isPending(all)).toBe(true)
    await other.query('ROLLBACK')
    expect((await all).map(({ outcome }) => outcome)).toEqual(['enqueued', 'enqueued', 'enqueued', 'enqueued'])
  })

  test('a stop is not held up, and whoever waits is told', async () => {
    const { app, other } = await harbour({ tasks: [load] })
    await app.start()
    await other.query(hold)
    const blocked = app.enqueue(load, 1, { uniqueKey: 'berth 4' })
    await app.enqueue(load, 2)
    const [stopped, refused] = await Promise.allSettled([app.stop({ graceMs: 0 }), blocked])
    expect([stopped.status, refused.status]).toEqual(['fulfilled', 'rejected'])
  })
})

test('a lane that nobody can see yet holds up no schedule', async () => {
  const loads = schedule('loads', { task: load, trigger: every('1s'), queue: 'quay', overlap: 'allow' })
  const { app, other } = await harbour({ tasks: [load], schedules: [loads] })
  await other.query(`BEGIN; SELECT escapement.enqueue('load', queue => 'quay')`)
  const fired = Promise.withResolvers<readonly unknown[]>()
  const rows: unknown[] = []
  app.on('schedule.decided', ({ rows: decided }) => {
    rows.push(...decided.map(({ outcome, count }) => `${outcome} ${count}`))
    if (rows.length >= 3) fired.resolve(rows)
  })
  await app.start()
  expect(new Set(await fired.promise)).toEqual(new Set(['fired 1']))
})

test('a report on a job whose row somebody holds waits by itself', async () => {
  const gates = new Map<unknown, PromiseWithResolvers<void>>()
  const waits = task('waits', {
    handler: ({ payload }) => {
      const gate = Promise.withResolvers<void>()
      gates.set(payload, gate)
      return gate.promise
    }
  })
  const { app, other } = await harbour({ tasks: [waits] })
  const completed: string[] = []
  app.on('job.completed', ({ jobId }) => completed.push(jobId))
  await app.start()
  const { id } = await app.enqueue(waits, 'held')
  const { id: beside } = await app.enqueue(waits, 'beside')
  await vi.waitUntil(() => gates.size === 2)
  await other.query(`BEGIN; SELECT FROM escapement.job WHERE id = '${id}' FOR UPDATE`)
  for (const gate of gates.values()) gate.resolve()
  await vi.waitUntil(() => completed.length === 1)
  expect(completed).toEqual([beside])
  const { id: next } = await app.enqueue(waits, 'next')
  await vi.waitUntil(() => gates.size === 3)
  gates.get('next')!.resolve()
  await vi.waitUntil(() => completed.length === 2)
  expect(completed).toEqual([beside, next])
  await other.query('COMMIT')
  await vi.waitUntil(() => completed.length === 3)
  expect(completed[2]).toBe(id)
})
