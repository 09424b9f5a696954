import { expect } from 'vitest'
import type { ScheduleState } from '../../src/core/schedule/schedule.ts'
import type { ScheduleWrite } from '../../src/store/schedules.ts'
import { creation, fireWrite, guardOf, readState, scheduleState } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

const under = (id: string, timezoneData: string | undefined, over: Partial<ScheduleState> = {}): ScheduleState =>
  scheduleState({ id, timezoneData, ...over })

const rewrite = (before: ScheduleState, over: Partial<ScheduleState>): ScheduleWrite => ({
  guard: guardOf(before),
  state: { ...before, ...over },
  ledger: [],
  jobs: [],
  timeline: []
})

export function testZoneData({ test }: Suite): void {
  test('zone data: a schedule keeps the version that its next fire time was computed with', async ({ store }) => {
    await store.writeSchedules([under('zoned', '2025b'), under('zoneless', undefined)].map(creation))
    expect((await readState(store, 'zoned')).timezoneData).toBe('2025b')
    expect((await readState(store, 'zoneless')).timezoneData).toBeUndefined()
    await store.writeSchedules([rewrite(under('zoned', '2025b'), { timezoneData: '2026a' })])
    expect((await readState(store, 'zoned')).timezoneData).toBe('2026a')
  })

  test('zone data: active schedules under another version, a page at a time', async ({ store }) => {
    const states = [
      under('d', '2025b'),
      under('a', '2025b'),
      under('c', '2026b'),
      under('b', '2026a'),
      under('e', undefined),
      under('f', '2025b', { phase: 'paused', nextFireAt: undefined }),
      under('g', '2025b', { phase: 'removed', nextFireAt: undefined })
    ]
    await store.writeSchedules(states.map(creation))
    const idsAfter = async (afterId: string, limit: number): Promise<string[]> =>
      (await store.schedulesUnderOtherZoneData('2026a', { afterId, limit })).map(({ state }) => state.id)
    expect(await idsAfter('', 2)).toEqual(['a', 'c'])
    expect(await idsAfter('c', 2)).toEqual(['d'])
    expect(await idsAfter('', 9)).toEqual(['a', 'c', 'd'])
  })

  test('zone data: a decision read before the next fire time was computed anew is a conflict', async ({
    clock,
    store
  }) => {
    const before = under('minute-report', '2025b')
    await store.writeSchedules([creation(before)])
    const anew = rewrite(before, { timezoneData: '2026a', nextFireAt: START + 30_000 })
    expect(await store.writeSchedules([anew])).toEqual(['written'])
    clock.set(START + 60_000)
    expect(await store.writeSchedules([fireWrite(before)])).toEqual(['conflict'])
    const now = await readState(store, 'minute-report')
    expect(now).toMatchObject({ nextFireAt: START + 30_000, timezoneData: '2026a', decidedUntil: START })
    expect(await store.writeSchedules([fireWrite(now)])).toEqual(['written'])
  })
}
