import { expect } from 'vitest'

import { auditEntryOf, stampOf } from '../../src/core/access/by.ts'
import { importedJob } from '../../src/core/job/imported-job.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import type { BooksKind, BooksPart, BooksRecords } from '../../src/store/moving.ts'
import type { Store } from '../../src/store/store.ts'
import type { ManualClock } from '../../src/testing/manual-clock.ts'
import {
  creation,
  claim,
  claimOne,
  completed,
  failed,
  fireWrite,
  guardOf,
  jobId,
  newJob,
  newJobs,
  nodeRecord,
  read,
  readPages,
  readState,
  runningJob,
  scheduleState,
  snoozed
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testMoving(suite: Suite): void {
  testRoundTrips(suite)
  testLifeAfterwards(suite)
  testParts(suite)
}

type Records = { [Kind in BooksKind]: BooksRecords[Kind][] }

const kinds = [
  'books',
  'pausedQueue',
  'registration',
  'seat',
  'redaction',
  'audit',
  'job',
  'step',
  'ledger',
  'timeline',
  'schedule'
] as const satisfies readonly BooksKind[]

/** All that is exported, in an order of the test's own, but for what has an order: steps and stretches. */
async function exportOf(store: Store): Promise<Records> {
  const keyOf = (record: object): string => {
    const { id, jobId: job, scheduleId, queue, app, seat, path } = record as Record<string, string | undefined>
    return id ?? job ?? scheduleId ?? queue ?? app ?? seat ?? path ?? ''
  }
  const gathered: Partial<Record<BooksKind, object[]>> = {}
  for (const kind of kinds) {
    const pages = await readPages<object>(cursor => store.exportPage(kind, { limit: 2, cursor }))
    gathered[kind] = pages.flat().toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))))
  }
  return gathered as Records
}

const landing = (records: Records, now: number): Records => ({
  ...records,
  job: records.job.map(job => importedJob(job, now))
})

/** As lines of JSON would bring them: without what is undefined. */
const partsOf = (records: Records, exportId = 'the-export'): BooksPart[] =>
  kinds.map((kind, number) => ({
    exportId,
    number,
    records: JSON.parse(JSON.stringify({ [kind]: records[kind] })) as BooksPart['records']
  }))

async function importAll(store: Store, records: Records): Promise<void> {
  for (const part of partsOf(records)) expect(await store.importPart(part)).toBe('taken')
}

/** Schedules that fired, are paused and are gone, a ledger that was pruned, and all that hangs beside jobs. */
async function fillBooks(store: Store, clock: ManualClock): Promise<void> {
  const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
  await store.writeSchedules(states.map(creation))
  const fired = fireWrite(states[0]!, { id: jobId(1), runAt: START + 900_000 })
  await store.writeSchedules([fired, fireWrite(states[1]!, { id: jobId(2), runAt: START + 900_000 })])
  const paused = {
    ...states[1]!,
    ...fired.state,
    id: 'b',
    phase: 'paused' as const,
    pauseNote: 'The crane is "broken".',
    revision: 2,
    nextFireAt: undefined
  }
  await store.writeSchedules([{ ...creation(paused), guard: guardOf(fired.state) }])
  const removed = { ...states[2]!, phase: 'removed' as const, revision: 2, nextFireAt: undefined }
  await store.writeSchedules([{ ...creation(removed), guard: guardOf(states[2]!) }])
  await store.writeSchedules([fireWrite(fired.state, { id: jobId(3), runAt: START + 900_000 })])
  await store.prune({ ledgerBefore: START + 60_001, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 1 })
  await store.writeRegistration({ app: 'tracker', release: 7, hash: 'aaaa' }, ['b'])
  await store.pauseQueue('pictures', true)
  await store.keepRedactions([{ task: 'report', path: 'items.*.iban' }])
  await fillAudit(store)
  const holder = { id: 'holder', host: 'harbour', pid: 1 }
  for (const seat of ['pilot', 'watch']) await store.takeSeat({ seat, term: 4, ttlMs: 1_000, holder, seen: undefined })
  await store.resignSeat({ seat: 'watch', term: 4, holderId: 'holder' })
  clock.set(START + 5)
  await fillJobs(store)
}

async function fillAudit(store: Store): Promise<void> {
  const stamp = stampOf({ actor: 'anna', role: 'admin', via: 'api', address: '::1', reason: 'storm' }, 'bulk-1')
  const about = { action: 'queue.pause', targetId: 'pictures', before: {}, after: { isPaused: true } } as const
  await store.writeAudit([
    { ...auditEntryOf(stamp, { ...about, id: 'entry-1' }), outcome: 'refused', count: 3 },
    auditEntryOf(stampOf(undefined), { id: 'entry-2', action: 'queue.resume', targetId: 'pictures' })
  ])
}

/** A job in every state. */
async function fillJobs(store: Store): Promise<void> {
  await store.join(nodeRecord())
  const done = await runningJob(store, { id: jobId(10), priority: -3, queue: 'pictures ü' })
  for (const name of ['scrape', 'draw']) await store.saveStep(done, { name, result: `"${name}"` })
  await store.saveProgress(done, '0.5')
  await store.settle([completed(done, '{"ships":3}')])
  await store.settle([failed(await runningJob(store, { id: jobId(11) }))])
  const tried = await runningJob(store, { id: jobId(12), uniqueKey: 'berth 4' })
  await store.saveStep(tried, { name: 'scrape', result: '1' })
  await store.settle([failed(tried, START + 700_000)])
  await store.enqueue([newJob({ id: jobId(13) })])
  await store.cancel([jobId(13)])
  await runningJob(store, { id: jobId(14) }, 'node-gone')
  await store.rescue(10)
  await runningJob(store, { id: jobId(15) })
  await store.markStarted(await runningJob(store, { id: jobId(16), delivery: 'at-most-once' }))
  await runningJob(store, { id: jobId(17) })
  await store.cancel([jobId(17)])
  const keyed = { uniqueKey: 'pilot', uniqueUntil: START + 9_000_000 }
  await store.settle([completed(await runningJob(store, { id: jobId(22), ...keyed }))])
  await store.settle([failed(await runningJob(store, { id: jobId(23), ...keyed, uniqueKey: 'tug' }), START + 800_000)])
  for (const id of [jobId(20), jobId(21)]) await store.settle([snoozed(await runningJob(store, { id }), START)])
  await store.settle([completed(await claimOne(store), '1')])
  await store.settle([snoozed(await claimOne(store), START + 800_000)])
  await store.enqueue([newJob({ id: jobId(18) }), newJob({ id: jobId(19), runAt: START + 800_000 })])
}

function testRoundTrips({ test }: Suite): void {
  test('moving: what this store exports another takes in, and reads equal', async ({ clock, store }) => {
    await fillBooks(store, clock)
    const exported = landing(await exportOf(store), clock.now())
    expect(Object.values(exported).map(records => records.length)).toEqual([1, 1, 1, 2, 1, 2, 17, 3, 2, 5, 3])
    const other = openMemoryStore({ clock })
    await importAll(other, exported)
    expect(await exportOf(other)).toEqual(exported)
  })

  test('moving: what another exports this store takes in, and reads equal', async ({ clock, store }) => {
    const other = openMemoryStore({ clock })
    await fillBooks(other, clock)
    const exported = landing(await exportOf(other), clock.now())
    await importAll(store, exported)
    const books = exported.books.map(each => ({ ...each, lastFence: expect.any(Number) as number }))
    expect(await exportOf(store)).toEqual({ ...exported, books })
    expect(await store.listQueues()).toEqual(await movedQueues(exported, clock))
    expect((await store.listSchedules({ limit: 9 })).items.map(({ liveJobs }) => liveJobs)).toEqual([2, 1])
  })
}

async function movedQueues(exported: Records, clock: ManualClock): Promise<unknown> {
  const reference = openMemoryStore({ clock })
  await importAll(reference, exported)
  return reference.listQueues()
}

function testLifeAfterwards({ test }: Suite): void {
  test('moving: ids of the books and fences go on where they were', async ({ clock, store, beside }) => {
    const other = openMemoryStore({ clock })
    await fillBooks(other, clock)
    const exported = landing(await exportOf(other), clock.now())
    await importAll(store, exported)
    expect((await beside()).id).toBe(other.id)
    const { lastFence } = exported.books[0]!
    expect(lastFence).toBeGreaterThan(0)
    expect((await claimOne(store)).fence).toBeGreaterThan(lastFence)
  })

  test('moving: fences that the books gave out while they were used before are not given again', async ({
    clock,
    store
  }) => {
    await store.enqueue(newJobs(3, { keepMs: 0 }))
    const { jobs } = await claim(store)
    await store.settle(jobs.map(job => completed(job)))
    const { id } = openMemoryStore({ clock })
    const books = [{ id, lastFence: 1, ledgerPrunedUntil: undefined }]
    expect(await store.importPart({ exportId: 'the-export', number: 0, records: { books } })).toBe('taken')
    await store.enqueue([newJob({ id: jobId(4) })])
    const { fence } = await claimOne(store)
    for (const job of jobs) expect(fence).toBeGreaterThan(job.fence)
  })

  test('moving: jobs live on, each by its state', async ({ clock, store }) => {
    const other = openMemoryStore({ clock })
    await fillBooks(other, clock)
    await importAll(store, landing(await exportOf(other), clock.now()))
    expect((await claim(store)).jobs.map(job => job.id)).toEqual([jobId(15), jobId(18)])
    expect(await read(store, jobId(16))).toMatchObject({ state: 'discarded', errors: [{ code: 'lost' }] })
    expect((await read(store, jobId(17))).state).toBe('cancelled')
    expect(await store.enqueue([newJob({ id: jobId(50), uniqueKey: 'berth 4' })])).toEqual([
      { outcome: 'duplicate', id: jobId(12) }
    ])
    expect(await store.retry(jobId(11), undefined)).toBe('retried')
    clock.set(START + 700_000)
    const { jobs } = await claim(store, { mayTakeSolo: false })
    expect(jobs.map(job => [job.id, job.attempt])).toEqual([
      [jobId(11), 1],
      [jobId(12), 2]
    ])
    expect(await store.readSteps(jobId(12))).toEqual([{ name: 'scrape', result: '1' }])
    await store.leave('node-a')
    clock.set(START + 86_400_006)
    expect(
      await store.prune({ ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: 0, limit: 9 })
    ).toMatchObject({
      jobs: 3
    })
    expect(await store.readSteps(jobId(10))).toEqual([])
  })

  test('moving: schedules go on under their guards', async ({ clock, store }) => {
    const other = openMemoryStore({ clock })
    await fillBooks(other, clock)
    await importAll(store, landing(await exportOf(other), clock.now()))
    clock.set(START + 180_000)
    expect((await store.dueSchedules(9)).schedules.map(({ state }) => state.id)).toEqual(['a'])
    const next = fireWrite(await readState(store, 'a'), { id: jobId(60) })
    expect(await store.writeSchedules([next, next])).toEqual(['written', 'conflict'])
    expect(await store.readTimeline('b')).toHaveLength(2)
    expect(await store.listSeats()).toEqual(await other.listSeats())
  })
}

function testParts({ test }: Suite): void {
  const someBooks = async (clock: ManualClock): Promise<BooksPart[]> => {
    const other = openMemoryStore({ clock })
    await fillBooks(other, clock)
    return partsOf(landing(await exportOf(other), clock.now()))
  }

  test('moving: a part that comes again is not written again, one out of turn not at all', async ({
    clock,
    store,
    beside
  }) => {
    const parts = await someBooks(clock)
    expect(await store.importPart(parts[1]!)).toBe('not-empty')
    for (const part of parts.slice(0, 7)) expect(await store.importPart(part)).toBe('taken')
    expect(await store.importPart(parts[8]!)).toBe('not-empty')
    const other = await beside()
    for (const part of parts) expect(await other.importPart(part)).toBe('taken')
    const before = await exportOf(store)
    for (const part of parts) expect(await store.importPart(part)).toBe('taken')
    expect(await exportOf(store)).toEqual(before)
    expect(before.timeline).toHaveLength(5)
  })

  test('moving: no other export beside one, nor after it', async ({ clock, store }) => {
    const parts = await someBooks(clock)
    await store.importPart(parts[0]!)
    expect(await store.importPart({ ...parts[1]!, exportId: 'another' })).toBe('not-empty')
    expect(await store.importPart({ ...parts[0]!, exportId: 'another' })).toBe('not-empty')
  })

  const holding: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
    ['a job', store => store.enqueue([newJob()])],
    ['a finished job', async store => store.settle([completed(await runningJob(store))])],
    ['a schedule', store => store.writeSchedules([creation(scheduleState())])],
    ['a node', store => store.join(nodeRecord())],
    ['a paused queue', store => store.pauseQueue('default', true)],
    ['a registration', store => store.writeRegistration({ app: 'tracker', release: 1, hash: 'a' }, [])]
  ]
  for (const [what, hold] of holding)
    test(`moving: never into books that hold ${what}`, async ({ clock, store }) => {
      await hold(store)
      const before = await exportOf(store)
      expect(await store.importPart((await someBooks(clock))[0]!)).toBe('not-empty')
      expect(await exportOf(store)).toEqual(before)
    })
}
