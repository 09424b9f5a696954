import { describe, expect, test } from 'vitest'
import { localTime, zoneOf } from '../../../../src/core/trigger/zone/zone.ts'
import { randomFrom, seed } from '../seed.ts'
import { intlLocal, readChanges, zoneNames } from './zone-changes.ts'

const ms = (iso: string) => Date.parse(iso)
const year = (index: number) => Date.UTC(index, 0, 1) / 1000

describe('localTime', () => {
  test('shows the local time and the offset', () => {
    expect(localTime('UTC', ms('2026-03-08T07:00:00Z'))).toEqual({
      local: '2026-03-08T07:00:00',
      offset: '+00:00',
      transition: null
    })
    expect(localTime('Asia/Kathmandu', ms('2026-03-08T07:00:00Z'))).toMatchObject({
      local: '2026-03-08T12:45:00',
      offset: '+05:45'
    })
    expect(localTime('America/New_York', ms('2026-03-08T06:59:59Z'))).toMatchObject({
      local: '2026-03-08T01:59:59',
      offset: '-05:00'
    })
    expect(localTime('America/New_York', ms('2026-03-08T07:00:00Z'))).toMatchObject({
      local: '2026-03-08T03:00:00',
      offset: '-04:00'
    })
  })

  test('shows offsets with odd seconds', () => {
    expect(localTime('Africa/Monrovia', ms('1972-01-07T00:44:29Z'))).toMatchObject({
      local: '1972-01-06T23:59:59',
      offset: '-00:44:30'
    })
    expect(localTime('Africa/Monrovia', ms('1972-01-07T00:44:30Z'))).toMatchObject({
      local: '1972-01-07T00:44:30',
      offset: '+00:00'
    })
  })

  test('marks both passes of a local time that comes twice, and nothing else', () => {
    const marks = ['04:59:59', '05:00:00', '05:59:59', '06:00:00', '06:59:59', '07:00:00'].map(
      time => localTime('America/New_York', ms(`2026-11-01T${time}Z`)).transition
    )
    expect(marks).toEqual([null, 'overlap', 'overlap', 'overlap', 'overlap', null])
  })

  test('marks an overlap of half an hour', () => {
    const marks = ['14:29:59', '14:30:00', '15:29:59', '15:30:00'].map(
      time => localTime('Australia/Lord_Howe', ms(`2026-04-04T${time}Z`)).transition
    )
    expect(marks).toEqual([null, 'overlap', 'overlap', null])
  })

  test('refuses a zone that nobody knows', () => {
    expect(() => localTime('Mars/Olympus', 0)).toThrow(
      expect.objectContaining({ code: 'timezone-invalid', message: expect.stringContaining('"Mars/Olympus"') })
    )
    expect(() => zoneOf('')).toThrow(expect.objectContaining({ code: 'timezone-invalid' }))
  })
})

describe(`every zone says what Intl says (seed ${seed})`, () => {
  const random = randomFrom(seed)

  test.each([
    { name: 'from 1970 to 2128', from: year(1970), to: year(2129), each: 12 },
    { name: 'from 2129 to 9999', from: year(2129), to: year(10_000), each: 25 }
  ])('at instants $name', ({ from, to, each }) => {
    const wrong: string[] = []
    for (const zone of zoneNames) {
      const local = intlLocal(zone)
      for (let count = 0; count < each; count += 1) {
        const second = from + random.below(to - from)
        const ours = ms(`${localTime(zone, second * 1000).local}Z`) / 1000
        if (ours !== local(second)) wrong.push(`${zone} at ${new Date(second * 1000).toISOString()}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('on both sides of the changes of a year far away', () => {
    const wrong: string[] = []
    let changed = 0
    for (const zone of zoneNames) {
      const from = year(2129 + random.below(9990 - 2129))
      for (const { at, after } of readChanges(zone, from, from + 366 * 86_400).changes) {
        changed += 1
        const offsets = [at - 1, at].map(second => ms(`${localTime(zone, second * 1000).local}Z`) / 1000 - second)
        if (offsets[0] === after || offsets[1] !== after) wrong.push(`${zone} at ${new Date(at * 1000).toISOString()}`)
      }
    }
    expect(wrong).toEqual([])
    expect(changed).toBeGreaterThan(200)
  })
})
