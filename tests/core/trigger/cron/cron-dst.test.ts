import { describe, expect, test } from 'vitest'
import { cron, type CronOptions } from '../../../../src/core/trigger/cron/cron.ts'

/** The next fires after an instant, as `UTC instant local offset transition`. */
function fires(expression: string, options: CronOptions, from: string, count = 3): string[] {
  const trigger = cron(expression, options)
  const found: string[] = []
  let at = Date.parse(from)
  while (found.length < count) {
    at = trigger.next(at) ?? Number.NaN
    const { local, offset, transition } = trigger.explain(at)
    found.push(
      `${new Date(at).toISOString().slice(0, 19)} ${local.slice(8)}${offset}${transition ? ` ${transition}` : ''}`
    )
  }
  return found
}

const newYork = { timezone: 'America/New_York' }

describe('a local time in the gap', () => {
  const from = '2026-03-07T00:00:00Z'

  test('goes to the first instant after it by default', () => {
    const expected = [
      '2026-03-07T07:30:00 07T02:30:00-05:00',
      '2026-03-08T07:00:00 08T03:00:00-04:00 gap',
      '2026-03-09T06:30:00 09T02:30:00-04:00'
    ]
    expect(fires('30 2 * * *', newYork, from)).toEqual(expected)
    expect(fires('30 2 * * *', { ...newYork, dst: { gap: 'transition' } }, from)).toEqual(expected)
  })

  test('goes later by its length with shift', () => {
    expect(fires('30 2 * * *', { ...newYork, dst: { gap: 'shift' } }, from)).toEqual([
      '2026-03-07T07:30:00 07T02:30:00-05:00',
      '2026-03-08T07:30:00 08T03:30:00-04:00 gap',
      '2026-03-09T06:30:00 09T02:30:00-04:00'
    ])
  })

  test('is left out with skip', () => {
    expect(fires('30 2 * * *', { ...newYork, dst: { gap: 'skip' } }, from)).toEqual([
      '2026-03-07T07:30:00 07T02:30:00-05:00',
      '2026-03-09T06:30:00 09T02:30:00-04:00',
      '2026-03-10T06:30:00 10T02:30:00-04:00'
    ])
  })

  test('makes one fire with others of the same instant', () => {
    expect(fires('0,15,30 2,3 * * *', newYork, '2026-03-08T00:00:00Z', 4)).toEqual([
      '2026-03-08T07:00:00 08T03:00:00-04:00 gap',
      '2026-03-08T07:15:00 08T03:15:00-04:00',
      '2026-03-08T07:30:00 08T03:30:00-04:00',
      '2026-03-09T06:00:00 09T02:00:00-04:00'
    ])
    const onThatDay = (expression: string): number =>
      cron(expression, newYork).count(Date.parse('2026-03-08T00:00:00Z'), Date.parse('2026-03-09T00:00:00Z'))
    expect(onThatDay('0,15,30 2,3 * * *')).toBe(3)
    expect(onThatDay('* 30 2 * * *')).toBe(1)
  })

  test('may fall between the regular fires with shift, in order', () => {
    const shift = { ...newYork, dst: { gap: 'shift' as const } }
    expect(fires('20,50 2 * * *', shift, '2026-03-08T00:00:00Z', 2)).toEqual([
      '2026-03-08T07:20:00 08T03:20:00-04:00 gap',
      '2026-03-08T07:50:00 08T03:50:00-04:00 gap'
    ])
    expect(fires('0,30 2,3 * * *', shift, '2026-03-08T00:00:00Z', 3)).toEqual([
      '2026-03-08T07:00:00 08T03:00:00-04:00 gap',
      '2026-03-08T07:30:00 08T03:30:00-04:00 gap',
      '2026-03-09T06:00:00 09T02:00:00-04:00'
    ])
    const between = cron('10 2,3 * * *', { ...shift, timezone: 'Australia/Lord_Howe' })
    expect(between.count(Date.parse('2026-10-03T00:00:00Z'), Date.parse('2026-10-04T00:00:00Z'))).toBe(2)
  })
})

describe('a local time that comes twice', () => {
  const from = '2026-11-01T00:00:00Z'
  const first = '2026-11-01T05:30:00 01T01:30:00-04:00 overlap'
  const last = '2026-11-01T06:30:00 01T01:30:00-05:00 overlap'
  const nextDay = '2026-11-02T06:30:00 02T01:30:00-05:00'

  test('fires the first time by default, the last time, or both', () => {
    expect(fires('30 1 * * *', newYork, from, 2)).toEqual([first, nextDay])
    expect(fires('30 1 * * *', { ...newYork, dst: { overlap: 'first' } }, from, 2)).toEqual([first, nextDay])
    expect(fires('30 1 * * *', { ...newYork, dst: { overlap: 'last' } }, from, 2)).toEqual([last, nextDay])
    expect(fires('30 1 * * *', { ...newYork, dst: { overlap: 'both' } }, from, 3)).toEqual([first, last, nextDay])
  })
})

describe('a wildcard-time entry follows real time', () => {
  const hourly = [0, 1, 2, 3].map(index =>
    new Date(Date.parse('2026-11-01T04:30:00Z') + index * 3_600_000).toISOString().slice(0, 19)
  )

  test.each(['30 * * * *', '30 */1 * * *', '@hourly'])('%s never stops nor doubles', expression => {
    const minute = expression === '@hourly' ? '00' : '30'
    const found = fires(expression, newYork, `2026-11-01T04:${minute}:00Z`, 3).map(fire => fire.slice(0, 19))
    expect(found).toEqual(hourly.slice(1).map(at => at.replace(':30:', `:${minute}:`)))
  })

  test('a minute field that begins with * is enough', () => {
    expect(fires('*/30 1 * * *', newYork, '2026-11-01T00:00:00Z', 4).map(fire => fire.slice(11, 19))).toEqual([
      '05:00:00',
      '05:30:00',
      '06:00:00',
      '06:30:00'
    ])
  })

  test('whatever the policies say', () => {
    const dst = { gap: 'shift', overlap: 'first' } as const
    expect(fires('*/30 2 * * *', { ...newYork, dst }, '2026-03-08T00:00:00Z', 1)[0]).toBe(
      '2026-03-09T06:00:00 09T02:00:00-04:00'
    )
  })

  test('a list of hours is no wildcard', () => {
    expect(fires('30 1,2 * * *', newYork, '2026-11-01T00:00:00Z', 2).map(fire => fire.slice(11, 19))).toEqual([
      '05:30:00',
      '07:30:00'
    ])
  })

  test('a second field of * does not make one', () => {
    expect(fires('* 30 2 * * *', newYork, '2026-03-08T00:00:00Z', 2)[1]).toBe('2026-03-09T06:30:00 09T02:30:00-04:00')
  })
})

describe('changes out of the ordinary', () => {
  test('half an hour: Lord Howe', () => {
    const options = { timezone: 'Australia/Lord_Howe' }
    expect(fires('15 2 * * *', options, '2026-10-03T00:00:00Z', 1)).toEqual([
      '2026-10-03T15:30:00 04T02:30:00+11:00 gap'
    ])
    expect(fires('15 2 * * *', { ...options, dst: { gap: 'shift' } }, '2026-10-03T00:00:00Z', 1)).toEqual([
      '2026-10-03T15:45:00 04T02:45:00+11:00 gap'
    ])
    expect(fires('45 1 * * *', { ...options, dst: { overlap: 'last' } }, '2026-04-04T00:00:00Z', 1)).toEqual([
      '2026-04-04T15:15:00 05T01:45:00+10:30 overlap'
    ])
  })

  test('a gap at midnight: Beirut, Santiago', () => {
    expect(fires('0 0 * * *', { timezone: 'Asia/Beirut' }, '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-28T22:00:00 29T01:00:00+03:00 gap',
      '2026-03-29T21:00:00 30T00:00:00+03:00'
    ])
    expect(fires('30 0 * * sun', { timezone: 'America/Santiago' }, '2026-09-05T12:00:00Z', 1)).toEqual([
      '2026-09-06T04:00:00 06T01:00:00-03:00 gap'
    ])
  })

  test('a whole date: Samoa has no 30 December 2011', () => {
    const options = { timezone: 'Pacific/Apia' }
    const from = '2011-12-29T00:00:00Z'
    expect(fires('0 12 * * *', options, from, 3)).toEqual([
      '2011-12-29T22:00:00 29T12:00:00-10:00',
      '2011-12-30T10:00:00 31T00:00:00+14:00 gap',
      '2011-12-30T22:00:00 31T12:00:00+14:00'
    ])
    expect(fires('0 0 * * *', options, from, 3).map(fire => fire.slice(0, 19))).toEqual([
      '2011-12-29T10:00:00',
      '2011-12-30T10:00:00',
      '2011-12-31T10:00:00'
    ])
    expect(fires('0 12 30 12 *', options, from, 1)).toEqual(['2011-12-30T10:00:00 31T00:00:00+14:00 gap'])
    const shift = { ...options, dst: { gap: 'shift' as const } }
    expect(fires('0 12 30 12 *', shift, from, 1)).toEqual(['2011-12-30T22:00:00 31T12:00:00+14:00 gap'])
    expect(cron('0 12 * * *', shift).count(Date.parse(from), Date.parse('2012-01-01T00:00:00Z'))).toBe(3)
    expect(fires('0 12 30 12 *', { ...options, dst: { gap: 'skip' } }, from, 1)[0]).toMatch(/^2012-12-29T22:00:00/)
  })

  test('a gap that reaches into the next year: Kiritimati has no 31 December 1994', () => {
    const shift = { timezone: 'Pacific/Kiritimati', dst: { gap: 'shift' as const } }
    expect(fires('0 6,20 31 12 *', shift, '1994-12-31T00:00:00Z', 2)).toEqual([
      '1994-12-31T16:00:00 01T06:00:00+14:00 gap',
      '1995-01-01T06:00:00 01T20:00:00+14:00 gap'
    ])
    const trigger = cron('0 6,20 31 12 *', shift)
    expect(trigger.previous(Date.parse('1995-01-02T00:00:00Z'))).toBe(Date.parse('1995-01-01T06:00:00Z'))
    expect(trigger.count(Date.parse('1994-12-31T00:00:00Z'), Date.parse('1995-01-02T00:00:00Z'))).toBe(2)
  })

  test('a jump over the date line: Kwajalein has no 21 August 1993', () => {
    expect(fires('0 9 * * *', { timezone: 'Pacific/Kwajalein' }, '1993-08-20T00:00:00Z', 3)).toEqual([
      '1993-08-20T21:00:00 20T09:00:00-12:00',
      '1993-08-21T12:00:00 22T00:00:00+12:00 gap',
      '1993-08-21T21:00:00 22T09:00:00+12:00'
    ])
  })

  test('odd seconds: Monrovia until 1972', () => {
    expect(fires('30 0 7 1 *', { timezone: 'Africa/Monrovia' }, '1972-01-01T00:00:00Z', 1)).toEqual([
      '1972-01-07T00:44:30 07T00:44:30+00:00 gap'
    ])
  })

  test('far away: the rules of 2128 hold in 9998', () => {
    expect(fires('30 2 8-14 3 sun', { ...newYork, days: 'and' }, '9998-01-01T00:00:00Z', 1)[0]).toMatch(
      /03:00:00-04:00 gap$/
    )
    const autumn = (overlap: 'first' | 'last' | 'both') => {
      const options = { ...newYork, dst: { overlap }, days: 'and' as const }
      return fires('30 1 * 11 sun#1', options, '9997-12-01T00:00:00Z', 2).map(fire => fire.slice(20))
    }
    expect(autumn('first')).toEqual(['01T01:30:00-04:00 overlap', '07T01:30:00-04:00 overlap'])
    expect(autumn('last')).toEqual(['01T01:30:00-05:00 overlap', '07T01:30:00-05:00 overlap'])
    expect(autumn('both')).toEqual(['01T01:30:00-04:00 overlap', '01T01:30:00-05:00 overlap'])
  })
})
