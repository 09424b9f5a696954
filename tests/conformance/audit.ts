import { expect } from 'vitest'
import {
  type AuditAction,
  type AuditEntry,
  cancelledAfter,
  type NewAuditEntry,
  targetKindOf
} from '../../src/core/access/audit.ts'
import type { AuditFilter } from '../../src/store/access/audit.ts'
import type { Store } from '../../src/store/store.ts'
import {
  completed,
  creation,
  failed,
  guardOf,
  jobId,
  newJob,
  newJobs,
  readPages,
  readState,
  runningJob,
  scheduleState,
  timelineRow
} from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

/** Who changed what: an entry stands in the books if, and only if, the change does. */
export function testAudit(suite: Suite): void {
  testOfSchedules(suite)
  testOfJobs(suite)
  testOfEnqueue(suite)
  testOnce(suite)
  testCounts(suite)
  testLists(suite)
  testFilters(suite)
  testPruning(suite)
}

const entryId = (number: number): string => `019cae00-aaaa-7000-8000-${String(number).padStart(12, '0')}`

function entry(number: number, action: AuditAction, targetId: string, over: Partial<NewAuditEntry> = {}) {
  return {
    id: entryId(number),
    actor: 'anna',
    role: 'operator',
    via: 'page',
    address: '192.0.2.7',
    action,
    targetKind: targetKindOf(action),
    targetId,
    before: '{"phase":"active"}',
    after: '{"phase":"paused"}',
    reason: 'The crane is "broken" ü.',
    bulkId: undefined,
    outcome: 'done',
    count: 1,
    ...over
  } as const satisfies NewAuditEntry
}

const bare = { role: undefined, address: undefined, before: undefined, after: undefined, reason: undefined } as const

const entriesOf = async (store: Store, filter: AuditFilter = {}): Promise<readonly AuditEntry[]> =>
  (await store.listAudit(filter, { limit: 100 })).items
const targetsOf = async (store: Store, filter: AuditFilter = {}): Promise<string[]> =>
  (await entriesOf(store, filter)).map(({ targetId }) => targetId)

function testOfSchedules({ test }: Suite): void {
  test('audit: a change of a schedule is written with its entry, a conflict without', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    expect(await entriesOf(store)).toEqual([])
    clock.set(START + 7)
    const paused = { ...state, phase: 'paused' as const, revision: 2, nextFireAt: undefined }
    const about = entry(1, 'schedule.pause', state.id)
    const write = { ...creation(paused), guard: guardOf(state), audit: about }
    const late = { ...write, audit: entry(2, 'schedule.pause', state.id) }
    expect(await store.writeSchedules([write, late])).toEqual(['written', 'conflict'])
    expect(await entriesOf(store)).toEqual([{ ...about, at: START + 7 }])
  })

  test('audit: of many schedules each has its own entry, and a conflict takes none of the others', async ({
    store
  }) => {
    const states = ['a', 'b', 'c'].map(id => scheduleState({ id }))
    await store.writeSchedules([creation(states[1]!)])
    const writes = states.map((state, index) => ({ ...creation(state), audit: entry(index, 'schedule.put', state.id) }))
    expect(await store.writeSchedules(writes)).toEqual(['written', 'conflict', 'written'])
    expect(await targetsOf(store)).toEqual(['c', 'a'])
  })

  test('audit: a change whose job is there already leaves no entry', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    await store.enqueue([newJob()])
    const run = { ...state, jobsCreated: 1 }
    const write = { guard: guardOf(state), state: run, ledger: [], jobs: [newJob()], timeline: [timelineRow(run)] }
    expect(await store.writeSchedules([{ ...write, audit: entry(1, 'schedule.run', state.id) }])).toEqual(['conflict'])
    expect(await entriesOf(store)).toEqual([])
    expect((await readState(store)).jobsCreated).toBe(0)
  })
}

function testOfJobs({ test }: Suite): void {
  test('audit: a cancel tells of each job whether it ended or was asked to', async ({ store }) => {
    await store.settle([completed(await runningJob(store))])
    await runningJob(store, { id: jobId(2) })
    await store.enqueue([newJob({ id: jobId(3) })])
    const ids = [1, 2, 3, 404].map(jobId)
    const audit = ids.map((id, index) => entry(index, 'job.cancel', id, { bulkId: entryId(900) }))
    expect(await store.cancel(ids, audit)).toEqual(['finished', 'requested', 'cancelled', 'unknown'])
    expect(await entriesOf(store)).toEqual([
      { ...audit[2], at: START, after: cancelledAfter.cancelled },
      { ...audit[1], at: START, after: cancelledAfter.requested }
    ])
  })

  test('audit: a retry, a change and a deletion have an entry if they were made', async ({ store }) => {
    await store.enqueue([newJob()])
    const retried = entry(1, 'job.retry', jobId(1), bare)
    expect(await store.retry(jobId(1), undefined, retried)).toBe('not-finished')
    expect(await store.deleteJobs([jobId(1)], [entry(2, 'job.delete', jobId(1))])).toEqual(['not-finished'])
    await store.cancel([jobId(1)])
    const changed = entry(3, 'job.update', jobId(1), bare)
    expect(await store.changeJob(jobId(1), { priority: 5 }, changed)).toBe('not-waiting')
    expect(await entriesOf(store)).toEqual([])
    expect(await store.retry(jobId(1), undefined, retried)).toBe('retried')
    expect(await store.changeJob(jobId(1), { priority: 5 }, changed)).toBe('changed')
    await store.cancel([jobId(1)])
    const audit = [1, 404].map((number, index) => entry(10 + index, 'job.delete', jobId(number)))
    expect(await store.deleteJobs([1, 404].map(jobId), audit)).toEqual(['deleted', 'unknown'])
    const expected = [audit[0], changed, retried].map(each => ({ ...each, at: START }))
    expect(await entriesOf(store)).toEqual(expected)
  })

  test('audit: a queue that is paused already is not paused by a second person', async ({ store }) => {
    await store.pauseQueue('mail', true, entry(1, 'queue.pause', 'mail'))
    await store.pauseQueue('mail', true, entry(2, 'queue.pause', 'mail'))
    await store.pauseQueue('mail', false, entry(3, 'queue.resume', 'mail'))
    await store.pauseQueue('mail', false, entry(4, 'queue.resume', 'mail'))
    expect((await entriesOf(store)).map(({ id }) => id)).toEqual([3, 1].map(entryId))
  })
}

function testOfEnqueue({ test }: Suite): void {
  test('audit: a job that a person enqueues has an entry; who holds its key has one if replaced', async ({ store }) => {
    const holder = newJob({ uniqueKey: 'berth 4' })
    const about = (number: number) => [entry(number, 'job.enqueue', jobId(number))]
    expect(await store.enqueue([holder], about(1))).toMatchObject([{ outcome: 'enqueued' }])
    expect(await store.enqueue([holder], [entry(50, 'job.enqueue', jobId(1))])).toMatchObject([{ outcome: 'exists' }])
    expect(await store.enqueue([{ ...holder, id: jobId(2) }], about(2))).toMatchObject([{ outcome: 'duplicate' }])
    const third = { ...holder, id: jobId(3), replaces: true }
    expect(await store.enqueue([third], about(3))).toMatchObject([{ outcome: 'replaced' }])
    expect((await entriesOf(store)).map(({ id, targetId }) => [id, targetId])).toEqual([
      [entryId(3), jobId(1)],
      [entryId(1), jobId(1)]
    ])
  })

  test('audit: what is enqueued, fired and settled without a person has no entry', async ({ store }) => {
    await store.enqueue(newJobs(3))
    await store.writeSchedules([creation(scheduleState())])
    await store.settle([failed(await runningJob(store, { id: jobId(9), priority: -1 }))])
    expect(await entriesOf(store)).toEqual([])
  })
}

function testOnce({ test }: Suite): void {
  test('audit: a change that is repeated after a lost answer has one entry', async ({ clock, store }) => {
    const attempt = await runningJob(store)
    const about = [entry(1, 'job.cancel', attempt.id)]
    expect(await store.cancel([attempt.id], about)).toEqual(['requested'])
    clock.set(START + 5)
    expect(await store.cancel([attempt.id], about)).toEqual(['requested'])
    await store.writeAudit(about)
    expect(await entriesOf(store)).toEqual([{ ...about[0], at: START, after: cancelledAfter.requested }])
  })

  test('audit: a schedule that is changed again under one id has one entry', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    const about = entry(1, 'schedule.pause', state.id)
    const second = { ...state, phase: 'paused' as const, revision: 2 }
    const third = { ...second, revision: 3 }
    await store.writeSchedules([{ ...creation(second), guard: guardOf(state), audit: about }])
    await store.writeSchedules([{ ...creation(third), guard: guardOf(second), audit: about }])
    expect(await entriesOf(store)).toHaveLength(1)
    expect((await readState(store)).revision).toBe(3)
  })
}

function testCounts({ test }: Suite): void {
  const refused = (count: number): NewAuditEntry =>
    entry(1, 'api.use', 'schedules/pause', { ...bare, outcome: 'refused', count })

  test('audit: of refused attempts the count rises, and the instant stays', async ({ clock, store, beside }) => {
    await store.writeAudit([refused(1)])
    clock.set(START + 9)
    await (await beside()).writeAudit([refused(41), entry(2, 'api.use', 'jobs', { outcome: 'refused' })])
    expect(await entriesOf(store, { targetId: 'schedules/pause' })).toEqual([{ ...refused(41), at: START }])
  })

  test('audit: a count that comes late does not lower it', async ({ store }) => {
    await store.writeAudit([refused(41)])
    await store.writeAudit([refused(40)])
    await store.writeAudit([])
    expect(await entriesOf(store)).toMatchObject([{ count: 41, outcome: 'refused' }])
  })
}

function testLists({ test }: Suite): void {
  test('audit: pages go from the newest to the oldest, without gaps where instants are equal', async ({
    clock,
    store
  }) => {
    for (let minute = 0; minute < 4; minute++) {
      clock.set(START + minute)
      const numbers = [0, 1, 2].map(each => 10 * minute + each)
      await store.writeAudit(numbers.map(number => entry(number, 'queue.pause', `q-${number}`)))
    }
    const pages = await readPages(cursor => store.listAudit({}, { limit: 5, cursor }))
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2])
    const expected = [32, 31, 30, 22, 21, 20, 12, 11, 10, 2, 1, 0].map(entryId)
    expect(pages.flat().map(({ id }) => id)).toEqual(expected)
  })

  test('audit: what is written meanwhile neither repeats nor hides what a next page has', async ({ clock, store }) => {
    await store.writeAudit([1, 2, 3].map(number => entry(number, 'queue.pause', `q-${number}`)))
    const first = await store.listAudit({}, { limit: 2 })
    clock.set(START + 1)
    await store.writeAudit([entry(4, 'queue.pause', 'q-4')])
    const next = await store.listAudit({}, { limit: 2, cursor: first.cursor })
    expect(next).toMatchObject({ items: [{ id: entryId(1) }], cursor: undefined })
  })

  test('audit: a cursor of something else is refused', async ({ store }) => {
    await store.writeAudit([entry(1, 'queue.pause', 'mail')])
    for (const cursor of ['', 'nothing', 'x:1', '99999999999999999:1', "1:'"])
      if (cursor !== "1:'") await expect(store.listAudit({}, { limit: 1, cursor })).rejects.toThrow('cursor')
      else expect((await store.listAudit({}, { limit: 1, cursor })).items).toEqual([])
  })
}

function testFilters({ test }: Suite): void {
  test('audit: the filter names who, what, which and when, each alone and together', async ({ clock, store }) => {
    await store.writeAudit([entry(1, 'schedule.pause', 'a'), entry(2, 'schedule.pause', 'b', { actor: 'ben' })])
    clock.set(START + 10)
    await store.writeAudit([entry(3, 'schedule.resume', 'a', { actor: 'ben' }), entry(4, 'queue.pause', 'a')])
    clock.set(START + 20)
    await store.writeAudit([entry(5, 'schedule.pause', 'a')])
    const found = async (filter: AuditFilter): Promise<number[]> =>
      (await entriesOf(store, filter)).map(({ id }) => Number(id.slice(-3)))
    expect(await found({ actor: 'ben' })).toEqual([3, 2])
    expect(await found({ action: 'schedule.pause' })).toEqual([5, 2, 1])
    expect(await found({ targetKind: 'schedule', targetId: 'a' })).toEqual([5, 3, 1])
    expect(await found({ targetId: 'a' })).toEqual([5, 4, 3, 1])
    expect(await found({ from: START + 10 })).toEqual([5, 4, 3])
    expect(await found({ until: START + 10 })).toEqual([4, 3, 2, 1])
    expect(await found({ from: START + 1, until: START + 19, targetKind: 'queue' })).toEqual([4])
    expect(await found({ actor: 'anna', action: 'schedule.pause', targetId: 'a', until: START })).toEqual([1])
    expect(await found({ actor: "x' OR 1=1 --" })).toEqual([])
    const pages = await readPages(cursor => store.listAudit({ actor: 'anna' }, { limit: 1, cursor }))
    expect(pages.flat().map(({ targetId }) => targetId)).toEqual(['a', 'a', 'a'])
  })
}

function testPruning({ test }: Suite): void {
  test('audit: entries past their retention are pruned, the oldest first, so many at a time', async ({
    clock,
    store
  }) => {
    for (const [index, target] of ['a', 'b', 'c', 'd'].entries()) {
      clock.set(START + index)
      await store.writeAudit([entry(index, 'queue.pause', target)])
    }
    const request = { ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: 0, auditBefore: START + 3, limit: 2 }
    expect(await store.prune(request)).toMatchObject({ audit: 2 })
    expect(await targetsOf(store)).toEqual(['d', 'c'])
    expect(await store.prune(request)).toMatchObject({ audit: 1 })
    expect(await store.prune(request)).toMatchObject({ audit: 0 })
    expect(await targetsOf(store)).toEqual(['d'])
  })
}
