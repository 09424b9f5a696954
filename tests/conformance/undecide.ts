import { expect } from 'vitest'
import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { ScheduleWrite } from '../../src/store/schedules.ts'
import type { Store } from '../../src/store/store.ts'
import { creation, guardOf, ledgerRow, readState, scheduleState, timelineRow } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testUndecide(suite: Suite): void {
  testTakingBack(suite)
  testAhead(suite)
}

const MINUTE = 60_000
const at = (minute: number): number => START + minute * MINUTE

const ledgerOf = async (store: Store, scheduleId = 'minute-report'): Promise<readonly LedgerRow[]> =>
  (await store.listLedger({ scheduleId, from: 0, until: at(1_000) }, { limit: 100 })).items

const coalesced = (first: number, last: number): LedgerRow =>
  ledgerRow({
    fireAt: at(first),
    lastFireAt: at(last),
    count: last - first + 1,
    outcome: 'coalesced',
    nextFireAt: at(last + 1)
  })

/** Decided until the tenth minute in two decisions: 1 fired; 2 to 9 coalesced, 10 fired. */
async function decidedUntilTen(store: Store, id = 'minute-report'): Promise<ScheduleState> {
  const state = scheduleState({ id })
  const decided = { ...state, decidedUntil: at(10), nextFireAt: at(11) }
  const ledger = [ledgerRow(), coalesced(2, 9), ledgerRow({ fireAt: at(10) })].map(row => ({ ...row, scheduleId: id }))
  await store.writeSchedules([creation(state)])
  await store.writeSchedules([{ guard: guardOf(state), state: decided, ledger, jobs: [], timeline: [] }])
  return decided
}

/** What takes it back to the fourth minute. */
function undecision(before: ScheduleState): ScheduleWrite {
  const firedAhead = [at(10)]
  const ahead = { decidedUntil: at(4), validFrom: at(4), firedAhead, nextFireAt: at(5) }
  const state = { ...before, ...ahead, revision: before.revision + 1 }
  const ledger = [coalesced(2, 4), ledgerRow({ fireAt: at(10), decidedAt: at(4) })]
  const ofIt = ledger.map(row => ({ ...row, scheduleId: before.id }))
  return {
    guard: guardOf(before),
    state,
    takesBackAfter: at(4),
    ledger: ofIt,
    jobs: [],
    timeline: [timelineRow(state)]
  }
}

function testTakingBack({ test }: Suite): void {
  test('undecide: rows whose run ends later give way to those of the write, and no others', async ({ store }) => {
    const [state, other] = [await decidedUntilTen(store), await decidedUntilTen(store, 'other')]
    const write = undecision(state)
    expect(await store.writeSchedules([write])).toEqual(['written'])
    expect(await ledgerOf(store)).toEqual([ledgerRow(), ...write.ledger])
    expect(await ledgerOf(store, 'other')).toHaveLength(3)
    expect(await readState(store, 'other')).toEqual(other)
    expect(await store.readTimeline(state.id)).toHaveLength(2)
  })

  test('undecide: a run that ends at that very instant stays', async ({ store }) => {
    const write = undecision(await decidedUntilTen(store))
    const fired = ledgerRow({ fireAt: at(10), decidedAt: at(1) })
    expect(await store.writeSchedules([{ ...write, takesBackAfter: at(1), ledger: [fired] }])).toEqual(['written'])
    expect(await ledgerOf(store)).toEqual([ledgerRow(), fired])
  })

  test('undecide: what fired ahead is read back with the schedule, wherever it is read', async ({ clock, store }) => {
    const write = undecision(await decidedUntilTen(store))
    await store.writeSchedules([write])
    clock.set(at(5))
    expect(await readState(store)).toEqual(write.state)
    expect((await store.dueSchedules(10)).schedules.map(({ state }) => state)).toEqual([write.state])
    expect((await store.listSchedules({ limit: 10 })).items.map(({ state }) => state)).toEqual([write.state])
    expect((await store.exportPage('schedule', { limit: 10 })).items).toEqual([write.state])
    const forgotten = { ...write.state, decidedUntil: at(10), firedAhead: undefined }
    await store.writeSchedules([{ guard: guardOf(write.state), state: forgotten, ledger: [], jobs: [], timeline: [] }])
    expect((await readState(store)).firedAhead).toBeUndefined()
  })

  test('undecide: a lost race takes nothing back', async ({ store }) => {
    const state = await decidedUntilTen(store)
    const before = await ledgerOf(store)
    const write = undecision(state)
    expect(await store.writeSchedules([{ ...write, guard: { ...guardOf(state), jobsCreated: 7 } }])).toEqual([
      'conflict'
    ])
    expect(await ledgerOf(store)).toEqual(before)
    expect(await store.writeSchedules([write])).toEqual(['written'])
    expect(await store.writeSchedules([write])).toEqual(['conflict'])
    expect(await ledgerOf(store)).toHaveLength(3)
  })

  test('undecide: beside others in a batch, one of which falls', async ({ store }) => {
    const states = [
      await decidedUntilTen(store, 'a'),
      await decidedUntilTen(store, 'b'),
      await decidedUntilTen(store, 'c')
    ]
    const [a, b, c] = states.map(undecision)
    const stale = { ...b!, guard: { ...guardOf(states[1]!), revision: 9 } }
    expect(await store.writeSchedules([a!, stale, c!])).toEqual(['written', 'conflict', 'written'])
    const last = async (id: string): Promise<unknown> => (await ledgerOf(store, id))[1]?.lastFireAt
    expect([await last('a'), await last('b'), await last('c')]).toEqual([at(4), at(9), at(4)])
  })

  test('undecide: a row that it would leave beside one of that key is a conflict', async ({ store }) => {
    const state = await decidedUntilTen(store)
    const before = await ledgerOf(store)
    const write = undecision(state)
    expect(await store.writeSchedules([{ ...write, ledger: [ledgerRow(), ...write.ledger] }])).toEqual(['conflict'])
    expect(await ledgerOf(store)).toEqual(before)
    expect(await readState(store)).toEqual(state)
  })
}

function testAhead({ test }: Suite): void {
  const idsAhead = async (store: Store, toleranceMs: number, limit = 10): Promise<readonly string[]> =>
    (await store.aheadSchedules(toleranceMs, limit)).schedules.map(({ state }) => state.id)

  test('ahead: decided or valid from more than the tolerance later than now, whatever their phase', async ({
    clock,
    store
  }) => {
    const later = { decidedUntil: at(10), nextFireAt: undefined }
    const states = [
      scheduleState({ id: 'active', decidedUntil: at(10), nextFireAt: at(11) }),
      scheduleState({ id: 'ended', ...later, phase: 'ended' }),
      scheduleState({ id: 'near', decidedUntil: at(1), nextFireAt: at(2) }),
      scheduleState({ id: 'paused', ...later, phase: 'paused' }),
      scheduleState({ id: 'removed', ...later, phase: 'removed' }),
      scheduleState({ id: 'valid-later', validFrom: at(10), nextFireAt: at(11) })
    ]
    await store.writeSchedules(states.map(creation))
    expect(await idsAhead(store, MINUTE)).toEqual(['active', 'paused', 'removed', 'valid-later'])
    expect(await idsAhead(store, MINUTE - 1)).toEqual(['active', 'near', 'paused', 'removed', 'valid-later'])
    expect(await idsAhead(store, 0, 2)).toEqual(['active', 'near'])
    expect((await store.aheadSchedules(0, 1)).schedules).toEqual([{ state: states[0], liveJobs: 0 }])
    clock.set(at(10))
    expect(await store.aheadSchedules(0, 10)).toEqual({ now: at(10), schedules: [] })
  })
}
