import { describe, expect, test } from 'vitest'
import { decide, underZoneData } from '../../../src/core/schedule/decide.ts'
import { isNewerData, newestData } from '../../../src/core/trigger/timezone-data.ts'
import { calendarInterval } from '../../../src/core/trigger/calendar-interval.ts'
import { anyOf } from '../../../src/core/trigger/any-of.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { dependsOnZone } from '../../../src/core/trigger/zone/depends-on-zone.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { spread } from '../../../src/core/trigger/spread.ts'
import { definition, scheduleState } from '../../conformance/fixtures.ts'

describe('versions of the time-zone data', () => {
  test('are ordered by year and letter, and what is no release is oldest', () => {
    expect(isNewerData('2026a', '2025b')).toBe(true)
    expect(isNewerData('2025b', '2025a')).toBe(true)
    expect(isNewerData('2025b', '2025b')).toBe(false)
    expect(isNewerData('2025b', '2026a')).toBe(false)
    expect(isNewerData('2025b', '77.1')).toBe(true)
    expect(isNewerData('77.1', '2025b')).toBe(false)
    expect(isNewerData('unknown', '77.1')).toBe(false)
    expect(newestData(['2025b', 'unknown', '2026a', '2025c'])).toBe('2026a')
    expect(newestData([])).toBeUndefined()
  })

  test('matter only to triggers with a zone whose rules can change', () => {
    const lisbon = { timezone: 'Europe/Lisbon' }
    expect(dependsOnZone(cron('0 9 * * *', lisbon).toJSON())).toBe(true)
    expect(dependsOnZone(calendarInterval({ days: 1, time: '09:00', start: '2026-01-01', ...lisbon }).toJSON())).toBe(
      true
    )
    expect(dependsOnZone(anyOf(every('1h'), cron('0 9 * * *', lisbon)).toJSON())).toBe(true)
    expect(dependsOnZone(spread(cron('0 9 * * *', lisbon), 'id', 1_000).toJSON())).toBe(true)
    expect(dependsOnZone(cron('0 9 * * *').toJSON())).toBe(false)
    expect(dependsOnZone(cron('0 9 * * *', { timezone: '+08:00' }).toJSON())).toBe(false)
    expect(dependsOnZone(every('1h').toJSON())).toBe(false)
  })
})

describe('a next fire time', () => {
  const nine = cron('0 9 * * *', { timezone: 'Europe/Lisbon' }).toJSON()
  const at = (text: string): number => Date.parse(text)
  const zoned = scheduleState({
    definition: definition({ trigger: nine }),
    validFrom: at('2026-07-01T00:00:00Z'),
    decidedUntil: at('2026-07-01T00:00:00Z'),
    // As other rules would have it: an hour late.
    nextFireAt: at('2026-07-01T09:00:00Z'),
    timezoneData: '2020a'
  })
  const context = { liveJobs: 0, timezoneData: '2026a', node: 'node-a' }

  test('carries the version that it was computed with', () => {
    const { state, ledger } = decide(zoned, { ...context, now: at('2026-07-01T08:00:00Z') })
    expect(ledger.map(row => row.fireAt)).toEqual([at('2026-07-01T08:00:00Z')])
    expect(state).toMatchObject({ nextFireAt: at('2026-07-02T08:00:00Z'), timezoneData: '2026a' })
  })

  test('carries none where no zone has a part in it, and when there is none', () => {
    const minutely = scheduleState()
    expect(decide(minutely, { ...context, now: minutely.nextFireAt! }).state.timezoneData).toBeUndefined()
    const paused = scheduleState({ ...zoned, phase: 'paused', nextFireAt: undefined })
    expect(decide(paused, { ...context, now: paused.decidedUntil }).state.timezoneData).toBeUndefined()
  })

  test('is computed anew from what is decided', () => {
    const anew = underZoneData(zoned, '2026a')
    expect(anew).toEqual({ ...zoned, nextFireAt: at('2026-07-01T08:00:00Z'), timezoneData: '2026a' })
  })
})
