import { expect } from 'vitest'

import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { Store } from '../../src/store/store.ts'
import { creation, definition, fireWrite, guardOf, readState, scheduleState, timelineRow } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testDue(suite: Suite): void {
  testScan(suite)
  testTimeline(suite)
  testRegistration(suite)
  testOrphans(suite)
}

const idsDue = async (store: Store, limit: number): Promise<string[]> =>
  (await store.dueSchedules(limit)).schedules.map(schedule => schedule.state.id)

const dueIn = (id: string, ms: number, over: Partial<ScheduleState> = {}): ScheduleState =>
  scheduleState({ id, nextFireAt: START + ms, ...over })

function testScan({ test }: Suite): void {
  test('due: the earliest first, none that is not due, no more than asked for', async ({ clock, store }) => {
    const states = [
      dueIn('third', 30),
      dueIn('first', 10),
      dueIn('later', 41),
      dueIn('second', 20),
      dueIn('fourth', 40)
    ]
    await store.writeSchedules(states.map(creation))
    expect(await idsDue(store, 10)).toEqual([])
    clock.set(START + 40)
    expect(await idsDue(store, 10)).toEqual(['first', 'second', 'third', 'fourth'])
    expect(await idsDue(store, 2)).toEqual(['first', 'second'])
    expect((await store.dueSchedules(10)).now).toBe(START + 40)
  })

  test('due: from behind the earliest on, where more are due than asked for', async ({ clock, store }) => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    await store.writeSchedules(ids.map((id, index) => creation(dueIn(id, index + 1))))
    await store.writeSchedules([creation(dueIn('later', 99))])
    clock.set(START + 9)
    const idsFrom = async (limit: number, skipShare: number): Promise<string[]> =>
      (await store.dueSchedules(limit, skipShare)).schedules.map(schedule => schedule.state.id)
    expect(await idsFrom(2, 0)).toEqual(['a', 'b'])
    expect(await idsFrom(2, 0.5)).toEqual(['b', 'c'])
    expect(await idsFrom(2, 0.99)).toEqual(['c', 'd'])
    expect(await idsFrom(5, 0.99)).toEqual(ids)
    expect(await idsFrom(9, 0.99)).toEqual(ids)
  })

  test('due: neither paused nor ended nor removed ones', async ({ clock, store }) => {
    const phases = ['active', 'paused', 'ended', 'removed'] as const
    await store.writeSchedules(phases.map(phase => creation(dueIn(phase, 10, { phase }))))
    clock.set(START + 60_000)
    expect(await idsDue(store, 10)).toEqual(['active'])
  })

  test('due: a decision moves a schedule on', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state), creation(dueIn('other', 90_000))])
    clock.set(START + 119_999)
    expect(await idsDue(store, 10)).toEqual(['minute-report', 'other'])
    await store.writeSchedules([fireWrite(state)])
    expect(await idsDue(store, 10)).toEqual(['other'])
    clock.set(START + 120_000)
    expect(await idsDue(store, 10)).toEqual(['other', 'minute-report'])
  })

  test('due: the next instant is the earliest of all active ones, due or not', async ({ clock, store }) => {
    expect(await store.nextDueAt()).toBeUndefined()
    const none = scheduleState({ id: 'none', nextFireAt: undefined })
    await store.writeSchedules([creation(none), creation(dueIn('paused', 1, { phase: 'paused' }))])
    expect(await store.nextDueAt()).toBeUndefined()
    await store.writeSchedules([creation(dueIn('b', 200)), creation(dueIn('a', 100))])
    expect(await store.nextDueAt()).toBe(START + 100)
    clock.set(START + 500)
    expect(await store.nextDueAt()).toBe(START + 100)
  })
}

function testTimeline({ test }: Suite): void {
  test('timeline: every stretch is kept, the oldest first', async ({ store }) => {
    const first = scheduleState()
    await store.writeSchedules([creation(first)])
    const edited = { ...first, revision: 2, validFrom: START + 5, definition: definition({ priority: 9 }), release: 2 }
    await store.writeSchedules([{ ...creation(edited), guard: guardOf(first) }])
    const paused = { ...edited, phase: 'paused' as const, revision: 3, validFrom: START + 9, nextFireAt: undefined }
    await store.writeSchedules([{ ...creation(paused), guard: guardOf(edited) }])
    expect(await store.readTimeline(first.id)).toEqual([first, edited, paused].map(timelineRow))
  })

  test('timeline: a decision adds no stretch, and another schedule none of its own', async ({ store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state), creation(scheduleState({ id: 'other' }))])
    await store.writeSchedules([fireWrite(state)])
    expect(await store.readTimeline(state.id)).toEqual([timelineRow(state)])
    expect(await store.readTimeline('unknown')).toEqual([])
  })
}

function testRegistration({ test }: Suite): void {
  const registration = { app: 'tracker', release: 5, hash: 'aaaa' }

  test('registration: read back per app, and replaced by an equal or higher release', async ({ store }) => {
    expect((await store.readApp('tracker', 'aaaa')).registration).toBeUndefined()
    await store.writeRegistration(registration, [])
    expect((await store.readApp('tracker', 'aaaa')).registration).toEqual(registration)
    expect((await store.readApp('shop', 'aaaa')).registration).toBeUndefined()
    await store.writeRegistration({ ...registration, hash: 'bbbb' }, [])
    expect((await store.readApp('tracker', 'aaaa')).registration).toEqual({ ...registration, hash: 'bbbb' })
    await store.writeRegistration({ ...registration, release: 6 }, [])
    expect((await store.readApp('tracker', 'aaaa')).registration).toEqual({ ...registration, release: 6 })
  })

  test('registration: a lower release writes nothing, marks included', async ({ store }) => {
    await store.writeSchedules([creation(scheduleState())])
    await store.writeRegistration(registration, ['minute-report'])
    expect(await store.writeRegistration({ ...registration, release: 4 }, [])).toEqual([])
    expect((await store.readApp('tracker', 'aaaa')).registration).toEqual(registration)
    expect((await readState(store)).orphanedAt).toBeUndefined()
  })
}

function testOrphans({ test }: Suite): void {
  const registration = { app: 'tracker', release: 1, hash: 'aaaa' }

  test('orphans: schedules of the app that are no longer named, and no others', async ({ clock, store }) => {
    const removed = scheduleState({ id: 'removed', phase: 'removed', nextFireAt: undefined })
    const foreign = scheduleState({ id: 'foreign', app: 'shop' })
    const states = [scheduleState({ id: 'kept' }), scheduleState({ id: 'gone' }), foreign, removed]
    await store.writeSchedules(states.map(creation))
    clock.set(START + 7)
    expect(await store.writeRegistration(registration, ['kept'])).toEqual(['gone'])
    expect((await readState(store, 'gone')).orphanedAt).toBe(START + 7)
    for (const id of ['kept', 'foreign', 'removed']) expect((await readState(store, id)).orphanedAt).toBeUndefined()
  })

  test('orphans: answered once, and forgiven when they are named again', async ({ clock, store }) => {
    await store.writeSchedules([creation(scheduleState())])
    expect(await store.writeRegistration(registration, [])).toEqual(['minute-report'])
    clock.set(START + 7)
    expect(await store.writeRegistration(registration, [])).toEqual([])
    expect((await readState(store)).orphanedAt).toBe(START)
    expect(await store.writeRegistration(registration, ['minute-report'])).toEqual([])
    expect((await readState(store)).orphanedAt).toBeUndefined()
  })

  test('orphans: they fire on, and a decision read before the mark does not undo it', async ({ clock, store }) => {
    const state = scheduleState()
    await store.writeSchedules([creation(state)])
    clock.set(START + 60_000)
    await store.writeRegistration(registration, [])
    expect(await idsDue(store, 10)).toEqual(['minute-report'])
    expect(await store.writeSchedules([fireWrite(state)])).toEqual(['written'])
    expect((await readState(store)).orphanedAt).toBe(START + 60_000)
  })
}
