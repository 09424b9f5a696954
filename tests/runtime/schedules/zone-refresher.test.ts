import { describe, expect, test } from 'vitest'
import { create } from '../../../src/core/schedule/change.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { Emitter } from '../../../src/runtime/events/emitter.ts'
import { timezoneData } from '../../../src/core/trigger/timezone-data.ts'
import { Scheduler } from '../../../src/runtime/schedules/scheduler.ts'
import { writeOf } from '../../../src/store/schedules.ts'
import { ZoneRefresher } from '../../../src/runtime/schedules/zone-refresher.ts'
import type { Store } from '../../../src/store/store.ts'
import { definition } from '../../conformance/fixtures.ts'
import { heard, Lab, START } from '../lab.ts'

const HOUR = 3_600_000
const OLD = '2020a'
const NEWER = '9999z'
const trigger = cron('0 12 * * *', { timezone: 'Asia/Tokyo' }).toJSON()
/** Noon in Tokyo of the day that begins at the start. */
const NOON = START + 3 * HOUR

/** Writes a schedule as a Node with other rules for the zone would have: its next fire time is later by so much. */
async function register(store: Store, id: string, { shiftMs = HOUR, version = OLD } = {}): Promise<void> {
  const declaration = { id, definition: definition({ trigger }), app: 'tracker', release: 1 }
  const context = { now: START, liveJobs: 0, timezoneData: version, node: 'node-a' }
  const decision = create(declaration, context)
  const state = { ...decision.state, nextFireAt: decision.state.nextFireAt! + shiftMs }
  expect(await store.writeSchedules([writeOf(undefined, { ...decision, state })])).toEqual(['written'])
}

async function join(store: Store, id: string, version: string, roles = ['scheduler']): Promise<void> {
  const process = { host: 'host', pid: 1, bootId: 'boot', tasks: [], declares: [], release: 1, version: '0' }
  await store.join({ id, ...process, roles, timezoneData: version })
}

function refresherOn(store: Store, version = timezoneData) {
  const events = new Emitter()
  let wakes = 0
  const onRefreshed = (): void => void wakes++
  const refresher = new ZoneRefresher({ store, events, timezoneData: version, onRefreshed })
  return { refresher, emitted: heard(events, 'schedule.refreshed'), wakes: () => wakes }
}

const schedulerOn = (store: Store, version = timezoneData): Scheduler =>
  new Scheduler({ store, events: new Emitter(), timezoneData: version, nodeId: () => 'node-b', random: () => 0 })

const stateOf = async (store: Store, id: string) => (await store.readSchedules([id])).schedules[0]!.state

describe('newer time-zone data', () => {
  test('move a next fire time to where it belongs, at the first look, and say so', async () => {
    const store = new Lab().store()
    await register(store, 'late')
    await register(store, 'right', { shiftMs: 0 })
    const { refresher, emitted, wakes } = refresherOn(store)
    expect(await refresher.tick()).toBe(60_000)
    expect(await stateOf(store, 'late')).toMatchObject({ nextFireAt: NOON, timezoneData, revision: 1 })
    expect(emitted).toEqual([{ schedules: 2, moved: 1, timezoneData }])
    expect(wakes()).toBe(1)
    await refresher.tick()
    expect(emitted).toHaveLength(1)
  })

  test('let the fire come on time, once, with books that prove themselves', async () => {
    const lab = new Lab()
    const store = lab.store()
    await register(store, 'late')
    await refresherOn(store).refresher.tick()
    lab.clock.set(NOON)
    await schedulerOn(store).tick()
    lab.clock.set(NOON + HOUR)
    await schedulerOn(store).tick()
    expect((await store.latestLedger('late', 9)).map(row => [row.outcome, row.fireAt])).toEqual([['fired', NOON]])
  })

  test('are applied in batches, to the last schedule', async () => {
    const store = new Lab().store()
    for (let number = 0; number < 501; number++) await register(store, `s${String(number).padStart(4, '0')}`)
    const { refresher, emitted } = refresherOn(store)
    expect(await refresher.tick()).toBeLessThan(60_000)
    expect(emitted).toEqual([])
    expect(await refresher.tick()).toBe(60_000)
    expect(emitted).toEqual([{ schedules: 501, moved: 501, timezoneData }])
    expect(await store.schedulesUnderOtherZoneData(timezoneData, { afterId: '', limit: 9 })).toEqual([])
  })

  test('win while a live scheduler has them: a node with older data computes nothing anew', async () => {
    const store = new Lab().store()
    await register(store, 'late', { version: NEWER })
    await join(store, 'newer', NEWER)
    const { refresher } = refresherOn(store)
    await refresher.tick()
    expect((await stateOf(store, 'late')).timezoneData).toBe(NEWER)
    await store.leave('newer')
    await refresher.tick()
    expect(await stateOf(store, 'late')).toMatchObject({ nextFireAt: NOON, timezoneData })
  })

  test('of a process that does not schedule count for nothing', async () => {
    const store = new Lab().store()
    await register(store, 'late')
    await join(store, 'web', NEWER, ['web'])
    await refresherOn(store).refresher.tick()
    expect((await stateOf(store, 'late')).timezoneData).toBe(timezoneData)
  })

  test('are looked for at each look in a mixed fleet, and now and then in any', async () => {
    const store = new Lab().store()
    const { refresher, emitted } = refresherOn(store)
    await refresher.tick()
    await register(store, 'by the command line')
    for (let look = 1; look < 10; look++) await refresher.tick()
    expect(emitted).toHaveLength(0)
    await refresher.tick()
    expect(emitted).toHaveLength(1)
    await join(store, 'old', OLD)
    await register(store, 'by the old node')
    await refresher.tick()
    expect(emitted).toHaveLength(2)
  })

  test('leave what is due to the nodes that have them, and for three seconds only', async () => {
    const lab = new Lab()
    const store = lab.store()
    await register(store, 'noon', { shiftMs: 0, version: NEWER })
    lab.clock.set(NOON + 2_999)
    expect(await schedulerOn(store).tick()).toBe(500)
    expect(await store.latestLedger('noon', 9)).toEqual([])
    lab.clock.set(NOON + 3_000)
    await schedulerOn(store).tick()
    expect((await store.latestLedger('noon', 9)).map(row => row.fireAt)).toEqual([NOON])
    expect((await stateOf(store, 'noon')).timezoneData).toBe(timezoneData)
  })
})
