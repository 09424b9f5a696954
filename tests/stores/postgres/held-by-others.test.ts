import type { Client } from 'pg'
import { describe, expect, test } from 'vitest'

import type { Store } from '../../../src/store/store.ts'
import {
  creation,
  claim,
  completed,
  failed,
  fireWrite,
  givenBack,
  jobId,
  newJob,
  newJobs,
  read,
  readState,
  runningJob,
  scheduleState
} from '../../conformance/fixtures.ts'
import { freshStore, intruder, untilBlocked } from './fresh-store.ts'

interface Harbour {
  readonly store: Store
  readonly schema: string
  /** The connection of an app. */
  readonly app: Client
}

async function harbour(options: Parameters<typeof freshStore>[0] = {}): Promise<Harbour> {
  const { store, schema, clock } = await freshStore(options)
  // What the app enqueues by itself is due by the database's clock.
  clock.set(Date.now() + 60_000)
  return { store, schema, app: await intruder(schema) }
}

const keyed = (number: number, uniqueKey: string) => newJob({ id: jobId(number), uniqueKey })

describe('a unique key that a transaction of the app holds', () => {
  test('leaves the others of the batch be, wherever it stands', async () => {
    const { store, app } = await harbour()
    await app.query(`BEGIN; SELECT enqueue('report', unique_key => 'berth 4', id => '${jobId(900)}')`)
    const jobs = [...newJobs(20).with(7, keyed(8, 'berth 4')).with(12, keyed(13, 'berth 5')), keyed(30, 'berth 4')]
    const answers = await store.sparing!.enqueue(jobs)
    expect(answers.flatMap((answer, index) => (answer === 'held' ? [index] : []))).toEqual([7, 20])
    expect(await read(store, jobId(13))).toMatchObject({ uniqueKey: 'berth 5', state: 'available' })
    await app.query('COMMIT')
    expect(await store.sparing!.enqueue([jobs[7]!, jobs[20]!])).toEqual([
      { outcome: 'duplicate', id: jobId(900) },
      { outcome: 'duplicate', id: jobId(900) }
    ])
  })

  test('is free again after a rollback', async () => {
    const { store, app } = await harbour()
    await app.query(`BEGIN; SELECT enqueue('report', unique_key => 'berth 4')`)
    expect(await store.sparing!.enqueue([keyed(1, 'berth 4')])).toEqual(['held'])
    await app.query('ROLLBACK')
    expect(await store.sparing!.enqueue([keyed(1, 'berth 4')])).toEqual([{ outcome: 'enqueued', id: jobId(1) }])
  })

  test('is held as well while its job is being completed, in the same transaction as the effects', async () => {
    const { store } = await harbour()
    const attempt = await runningJob(store, { uniqueKey: 'berth 4' })
    const gate = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const transacted = store.transact(attempt, async () => {
      entered.resolve()
      await gate.promise
      return undefined
    })
    await entered.promise
    const answers = await store.sparing!.enqueue([keyed(2, 'berth 4'), newJob({ id: jobId(3) })])
    expect(answers).toEqual(['held', { outcome: 'enqueued', id: jobId(3) }])
    gate.resolve()
    await transacted
    expect(await store.sparing!.enqueue([keyed(2, 'berth 4')])).toEqual([{ outcome: 'enqueued', id: jobId(2) }])
  })

  test('many keys, and an id among thousands, are left out in one go', async () => {
    const { store, app } = await harbour()
    await app.query(
      `BEGIN; SELECT enqueue('report', unique_key => 'berth ' || n) FROM generate_series(1, 40) AS n; SELECT enqueue('report', id => '${jobId(2_000)}')`
    )
    const jobs = newJobs(400).map((job, index) => ({ ...job, uniqueKey: `berth ${index + 1}` }))
    const answers = await store.sparing!.enqueue(jobs)
    expect(answers.filter(answer => answer === 'held')).toHaveLength(40)
    expect(answers.slice(40).every(answer => answer !== 'held' && answer.outcome === 'enqueued')).toBe(true)
    const many = newJobs(2_500).slice(400)
    const copied = await store.sparing!.enqueue(many)
    expect(copied.flatMap((answer, index) => (answer === 'held' ? [many[index]!.id] : []))).toEqual([jobId(2_000)])
  })
})

describe('a lane that a transaction of the app has made', () => {
  const lane = { task: 'report', queue: 'quay', priority: 5 }
  const make = `SELECT enqueue('report', queue => 'quay', priority => 5, id => '${jobId(900)}')`

  test('is waited for by nobody, and the jobs of both are claimed in their order', async () => {
    const { store, app } = await harbour()
    await app.query(`BEGIN; ${make}`)
    expect(await store.enqueue([newJob(lane)])).toMatchObject([{ outcome: 'enqueued' }])
    const [created] = await store.writeSchedules([creation(scheduleState())])
    const fired = fireWrite(await readState(store), { id: jobId(2), queue: 'quay', priority: 5, runAt: 0 })
    expect([created, ...(await store.writeSchedules([fired]))]).toEqual(['written', 'written'])
    await app.query('COMMIT')
    await store.enqueue([newJob({ ...lane, id: jobId(3) })])
    const { jobs } = await claim(store)
    expect(jobs.map(({ id }) => id).toSorted()).toEqual([1, 2, 3, 900].map(jobId))
    expect(new Set(jobs.map(({ queue, priority }) => `${queue} ${priority}`))).toEqual(new Set(['quay 5']))
    expect((await store.listQueues()).map(({ queue, counts }) => [queue, counts.running])).toEqual([['quay', 4]])
  })

  test('is none that another transaction of the app would wait for, in whichever order they make them', async () => {
    const { store, schema, app } = await harbour()
    const other = await intruder(schema)
    const another = `SELECT enqueue('report', queue => 'pier')`
    await app.query(`BEGIN; ${make}`)
    await other.query(`BEGIN; ${another}`)
    await app.query(another)
    await other.query(`SELECT enqueue('report', queue => 'quay', priority => 5)`)
    await app.query('COMMIT')
    await other.query('ROLLBACK')
    expect((await claim(store)).jobs.map(({ queue }) => queue).toSorted()).toEqual(['pier', 'quay'])
  })

  test('is none that an enqueue in that very transaction would wait for', async () => {
    const { store, app } = await harbour()
    await app.query(`BEGIN; ${make}`)
    expect(await store.enqueueWithin!(app, [newJob(lane)])).toEqual([{ outcome: 'enqueued', id: jobId(1) }])
    await app.query('ROLLBACK')
    expect((await claim(store)).jobs).toEqual([])
  })
})

describe('a running job that somebody else holds', () => {
  const lock = (number: number): string => `BEGIN; SELECT FROM job WHERE id = '${jobId(number)}' FOR UPDATE`

  test.each([
    ['completed', completed, { packFrom: 1_001 }],
    ['failed', failed, { packFrom: 1_001 }],
    ['given back', givenBack, { packFrom: 1_001 }]
  ])('is the only one whose report is not written (%s)', async (_, report, options) => {
    const { store, app } = await harbour(options)
    await store.enqueue(newJobs(9))
    const { jobs } = await claim(store)
    await app.query(lock(4))
    const reports = jobs.map(job => report(job))
    const answers = await store.sparing!.settle(reports)
    expect(answers).toEqual(jobs.map(({ id }) => (id === jobId(4) ? 'held' : 'accepted')))
    await app.query('COMMIT')
    expect(await store.sparing!.settle(reports)).toEqual(jobs.map(() => 'accepted'))
    expect((await read(store, jobId(4))).state).not.toBe('running')
  })

  test.each([
    ['completed', completed],
    ['failed', failed]
  ])('holds up its own pack, and no other (%s)', async (_, report) => {
    const { store, app } = await harbour({ packFrom: 2 })
    await store.enqueue(newJobs(4))
    const [first, second] = [(await claim(store, { limit: 2 })).jobs, (await claim(store, { limit: 2 })).jobs]
    await app.query(`BEGIN; SELECT FROM pack ORDER BY number LIMIT 1 FOR UPDATE`)
    const answers = await store.sparing!.settle([...first, ...second].map(job => report(job)))
    expect(answers).toEqual(['held', 'held', 'accepted', 'accepted'])
    await app.query('COMMIT')
    expect(await store.sparing!.settle(first.map(job => report(job)))).toEqual(['accepted', 'accepted'])
  })
})

describe('a schedule that somebody else holds', () => {
  test.each([2, 1])('is the only one that is not decided, of %d that are', async held => {
    const { store, app } = await harbour()
    const states = ['a', 'b', 'c', 'd'].map(id => scheduleState({ id }))
    await store.writeSchedules(states.map(creation))
    await app.query(`BEGIN; SELECT FROM schedule WHERE id = ANY ('{${['c', 'd'].slice(0, held).join()}}') FOR UPDATE`)
    const writes = states.map((state, index) => fireWrite(state, { id: jobId(index + 1) }))
    const expected = ['written', 'written', 'held', held === 2 ? 'held' : 'written']
    expect(await store.sparing!.writeSchedules(writes)).toEqual(expected)
    await app.query('COMMIT')
    expect(await store.sparing!.writeSchedules(writes.slice(2))).toEqual([
      'written',
      held === 2 ? 'written' : 'conflict'
    ])
  })

  test('or whose id a transaction has taken and not committed', async () => {
    const { store, app } = await harbour()
    await app.query(
      `BEGIN; INSERT INTO schedule SELECT (json_populate_record(NULL::schedule, '{"id":"b"}')).id, '', '', '', 0, 0, 0, 0, 0, 0, 0`
    )
    const creations = ['a', 'b', 'c'].map(id => creation(scheduleState({ id })))
    expect(await store.sparing!.writeSchedules(creations)).toEqual(['written', 'held', 'written'])
  })
})

test('a seat can be renewed while a job in its name waits for a key that others hold', async () => {
  const { store, schema, app } = await harbour()
  const seat = { seat: 'pilot', term: 1 }
  const holder = { id: 'boot-a', host: 'harbour', pid: 1 }
  await store.takeSeat({ ...seat, holder, ttlMs: 1_000, seen: undefined })
  await app.query(`BEGIN; SELECT enqueue('report', unique_key => 'berth 4')`)
  const enqueued = store.enqueueInSeat(seat, [keyed(1, 'berth 4')])
  const watcher = await intruder(schema)
  for (let renewals = 0; renewals < 3; renewals++) {
    await untilBlocked(watcher, schema)
    expect(await store.renewSeat({ ...seat, holderId: holder.id })).toBe(true)
  }
  await app.query('ROLLBACK')
  expect(await enqueued).toEqual([{ outcome: 'enqueued', id: jobId(1) }])
})
