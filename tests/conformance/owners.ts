import { expect } from 'vitest'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { Declared } from '../../src/store/nodes.ts'
import { creation, fireWrite, guardOf, nodeRecord, readState, scheduleState } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testOwners(suite: Suite): void {
  testSets(suite)
  testRedactions(suite)
  testNodes(suite)
  testMarks(suite)
  testAside(suite)
  testNotes(suite)
}

const members = (...ids: string[]): [string, string][] => ids.map(id => [id, `digest of ${id}`])
const set = { app: 'tracker', hash: 'aaaa', members: members('a', 'ü "b"') }
const declared = (over: Partial<Declared> = {}): Declared => ({ app: 'tracker', release: 1, hash: 'aaaa', ...over })

function testRedactions({ test }: Suite): void {
  test('redactions: are added to what is there, and read by task and path', async ({ store, beside }) => {
    expect(await store.readRedactions()).toEqual([])
    const [card, iban] = ['card.number', 'items.*.ïban "x"'].map(path => ({ task: 'pay', path }))
    await store.keepRedactions([iban!, { task: 'mail', path: 'to' }, iban!])
    await store.keepRedactions([card!, iban!])
    await store.keepRedactions([])
    const all = [{ task: 'mail', path: 'to' }, card, iban]
    expect(await store.readRedactions()).toEqual(all)
    expect(await (await beside()).readRedactions()).toEqual(all)
  })
}

function testSets({ test }: Suite): void {
  test('declared sets: kept once under one number, which grows with each new one', async ({ store }) => {
    await store.keepSet(set)
    await store.keepSet({ ...set, hash: 'bbbb', members: [] })
    await store.keepSet(set)
    const [first, second] = await store.readSets([set, declared({ hash: 'bbbb' })], { withMembers: true })
    expect(first).toMatchObject({ app: 'tracker', hash: 'aaaa', members: set.members })
    expect(second).toMatchObject({ hash: 'bbbb', members: [] })
    expect(second!.number).toBeGreaterThan(first!.number)
    await store.keepSet({ ...set, hash: 'cccc' })
    const [third] = await store.readSets([declared({ hash: 'cccc' })])
    expect(third!.number).toBeGreaterThan(second!.number)
  })

  test('declared sets: of one app each, without members unless asked for, unknown ones left out', async ({ store }) => {
    await store.keepSet(set)
    await store.keepSet({ ...set, app: 'shop' })
    const read = await store.readSets([declared(), declared({ app: 'nobody' }), declared({ hash: 'dddd' })])
    expect(read).toMatchObject([{ app: 'tracker', hash: 'aaaa', members: undefined }])
    expect(await store.readSets([])).toEqual([])
  })

  test('declared sets: known as long as a node declared them, and their numbers for longer', async ({
    clock,
    store
  }) => {
    await store.join(nodeRecord({ declares: [declared()] }))
    await store.keepSet(set)
    await store.keepSet({ ...set, hash: 'bbbb' })
    const prune = () =>
      store.prune({ ledgerBefore: 0, unsuccessfulBefore: 0, nodesBefore: clock.now(), auditBefore: 0, limit: 9 })
    await prune()
    expect((await store.readApp('tracker', 'aaaa')).knowsSet).toBe(true)
    expect((await store.readApp('tracker', 'bbbb')).knowsSet).toBe(false)
    const [before] = await store.readSets([declared({ hash: 'bbbb' })], { withMembers: true })
    expect(before!.members).toBeUndefined()
    await store.keepSet({ ...set, hash: 'bbbb' })
    expect(await store.readSets([declared({ hash: 'bbbb' })])).toMatchObject([{ number: before!.number }])
    await store.leave('node-a')
    clock.set(START + 1)
    await prune()
    expect((await store.readApp('tracker', 'aaaa')).knowsSet).toBe(false)
  })

  test('declared sets: what is known of an app is one answer', async ({ store }) => {
    expect(await store.readApp('tracker', 'aaaa')).toEqual({
      registration: undefined,
      knowsSet: false,
      hasAside: false
    })
    await store.keepSet(set)
    await store.writeRegistration({ app: 'tracker', release: 3, hash: 'aaaa' }, [])
    const registration = { app: 'tracker', release: 3, hash: 'aaaa' }
    expect(await store.readApp('tracker', 'aaaa')).toEqual({ registration, knowsSet: true, hasAside: false })
    expect((await store.readApp('tracker', 'bbbb')).knowsSet).toBe(false)
    expect(await store.readApp('shop', 'aaaa')).toEqual({ registration: undefined, knowsSet: false, hasAside: false })
  })
}

function testNodes({ test }: Suite): void {
  test('nodes: what they declare is read back, and said anew while they live', async ({ store }) => {
    await store.join(nodeRecord({ declares: [declared()] }))
    expect((await store.listNodes())[0]).toMatchObject({ declares: [declared()], tasks: ['report'] })
    const both = [declared(), declared({ app: 'shop', release: 7 })]
    await store.describeNode('node-a', { tasks: ['report', 'invoice'], declares: both })
    expect((await store.listNodes())[0]).toMatchObject({ declares: both, tasks: ['report', 'invoice'] })
    await store.leave('node-a')
    await store.describeNode('node-a', { tasks: [], declares: [] })
    expect((await store.listNodes())[0]).toMatchObject({ declares: both, phase: 'left' })
  })
}

function testMarks({ test }: Suite): void {
  const registration = { app: 'tracker', release: 1, hash: 'aaaa' }
  const state = scheduleState()

  test('marks: a change that was read before a mark conflicts with it, so that it can not be undone unread', async ({
    store
  }) => {
    await store.writeSchedules([creation(state)])
    await store.writeRegistration(registration, [])
    const change = { ...state, revision: 2, release: 1 }
    expect(await store.writeSchedules([{ ...creation(change), guard: guardOf(state) }])).toEqual(['conflict'])
    const marked = await readState(store)
    expect(marked.orphanedAt).toBe(START)
    expect(await store.writeSchedules([{ ...creation({ ...change, orphanedAt: START }), guard: marked }])).toEqual([
      'written'
    ])
    expect(await readState(store)).toMatchObject({ revision: 2, orphanedAt: START })
    const named = { ...change, revision: 3 }
    expect(
      await store.writeSchedules([{ ...creation(named), guard: { ...guardOf(change), orphanedAt: START } }])
    ).toEqual(['written'])
    expect((await readState(store)).orphanedAt).toBeUndefined()
  })

  test('marks: none without ids, and none but an answer where they are not wanted', async ({ store }) => {
    await store.writeSchedules([creation(state), creation(scheduleState({ id: 'foreign', app: 'shop' }))])
    expect(await store.writeRegistration(registration, undefined)).toEqual([])
    expect((await store.readApp('tracker', 'aaaa')).registration).toEqual(registration)
    expect(await store.writeRegistration(registration, ['other'], { marks: false })).toEqual(['minute-report'])
    expect(await store.writeRegistration(registration, ['minute-report'], { marks: false })).toEqual([])
    expect((await readState(store)).orphanedAt).toBeUndefined()
    expect(await store.writeRegistration({ ...registration, release: 0 }, [], { marks: false })).toEqual([])
  })
}

function testAside({ test }: Suite): void {
  test('set aside: orphans and removed ones of the app, page by page', async ({ store }) => {
    const states: Partial<ScheduleState>[] = [
      { id: 'a', orphanedAt: START },
      { id: 'b', phase: 'removed', phaseBy: 'for-good', nextFireAt: undefined },
      { id: 'c', phase: 'paused', phaseBy: 'operator', nextFireAt: undefined },
      { id: 'd', phase: 'paused', phaseBy: 'orphans', orphanedAt: START, nextFireAt: undefined },
      { id: 'e' },
      { id: 'f', app: 'shop', orphanedAt: START }
    ]
    await store.writeSchedules(states.map(each => creation(scheduleState(each))))
    await store.writeSchedules([fireWrite(scheduleState(states[0]))])
    expect((await store.readApp('tracker', '')).hasAside).toBe(true)
    const first = await store.listAside('tracker', { limit: 2 })
    expect(first.items.map(({ state, liveJobs }) => [state.id, state.phaseBy, liveJobs])).toEqual([
      ['a', undefined, 1],
      ['b', 'for-good', 0]
    ])
    const second = await store.listAside('tracker', { limit: 2, cursor: first.cursor })
    expect(second.items.map(({ state }) => [state.id, state.phaseBy])).toEqual([['d', 'orphans']])
    expect(second.cursor).toBeUndefined()
    expect((await store.readTimeline('d'))[0]).toMatchObject({ phase: 'paused', phaseBy: 'orphans' })
  })
}

function testNotes({ test }: Suite): void {
  test('notes: the note of a pause is kept with it, shown wherever it is read, and ends with it', async ({ store }) => {
    const pauseNote = 'Der Kran "Möwe" ist \\ kaputt.\n☃'
    const paused = scheduleState({ phase: 'paused', phaseBy: 'operator', nextFireAt: undefined, pauseNote })
    const active = scheduleState({ id: 'other' })
    await store.writeSchedules([creation(paused), creation(active)])
    expect((await readState(store)).pauseNote).toBe(pauseNote)
    const { items } = await store.listSchedules({ limit: 10 })
    expect(items.map(({ state }) => state.pauseNote)).toEqual([pauseNote, undefined])
    const changed = { ...paused, revision: 2, pauseNote: 'again' }
    expect(await store.writeSchedules([{ ...creation(changed), guard: guardOf(paused) }])).toEqual(['written'])
    expect((await readState(store)).pauseNote).toBe('again')
    const resumed = { ...active, id: paused.id, revision: 3 }
    expect(await store.writeSchedules([{ ...creation(resumed), guard: guardOf(changed) }])).toEqual(['written'])
    expect((await readState(store)).pauseNote).toBeUndefined()
    const noted = { ...paused, id: active.id, revision: 2 }
    expect(await store.writeSchedules([{ ...creation(noted), guard: guardOf(active) }])).toEqual(['written'])
    expect((await readState(store, active.id)).pauseNote).toBe(pauseNote)
  })
}
