import { expect, test } from 'vitest'
import { spread } from '../../../src/core/trigger/spread.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import type { TriggerJson } from '../../../src/core/trigger/trigger.ts'
import { triggerOf } from '../../../src/core/trigger/trigger-cache.ts'

const daily = cron('30 7 * * *', { timezone: 'Asia/Tokyo' })
const read = (json: TriggerJson): TriggerJson => JSON.parse(JSON.stringify(json)) as TriggerJson

test('equal definitions share one trigger', () => {
  expect(triggerOf(read(daily.toJSON()))).toBe(triggerOf(read(daily.toJSON())))
})

test('a spread one is that of its schedule, and does not push out what others share', () => {
  const common = triggerOf(read(daily.toJSON()))
  for (let number = 0; number <= 20_000; number++) {
    const own = spread(daily, `digest-${number}`, '10m')
    if (number % 5_000 === 0) expect(triggerOf(read(own.toJSON())).next(0)).toBe(own.next(0))
    else triggerOf(read(own.toJSON()))
  }
  expect(triggerOf(read(daily.toJSON()))).toBe(common)
  expect(triggerOf(read(spread(daily, 'a', 60_000).toJSON())).next(0)).not.toBe(common.next(0))
})

test('a spread one with an unknown key is refused', () => {
  const json = { ...spread(daily, 'a', 60_000).toJSON(), windw: 1 } as unknown as TriggerJson
  expect(() => triggerOf(json)).toThrow('"windw"')
})
