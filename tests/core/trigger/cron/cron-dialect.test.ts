import { expect, test } from 'vitest'
import { cron } from '../../../../src/core/trigger/cron/cron.ts'
import { triggerFromJson } from '../../../../src/core/trigger/from-json.ts'
import type { Trigger } from '../../../../src/core/trigger/trigger.ts'

const from = Date.UTC(2026, 0, 1)
const fires = (trigger: Trigger): number[] => {
  const found: number[] = []
  for (let at = trigger.next(from); at !== undefined && found.length < 30; at = trigger.next(at)) found.push(at)
  return found
}

test.each([
  ['0 0 9 ? * 2-6', '0 0 9 ? * mon-fri'],
  ['0 0 9 ? * 1', '0 0 9 ? * sun'],
  ['0 0 9 ? * 7', '0 0 9 ? * sat'],
  ['0 0 9 ? * 6-2', '0 0 9 ? * fri-mon'],
  ['0 0 9 ? * 2/2', '0 0 9 ? * mon,wed,fri'],
  ['0 0 9 ? * 6L', '0 0 9 ? * friL'],
  ['0 0 9 ? * 6#3', '0 0 9 ? * fri#3'],
  ['0 0 9 ? * L', '0 0 9 ? * sat'],
  ['0 0 9 ? * MON', '0 0 9 ? * mon'],
  ['0 0 9 ? * * 2027', '0 0 9 ? * * 2027'],
  ['@weekly', '@weekly']
])('%s in Quartz is %s', (quartz, ours) => {
  const trigger = cron(quartz, { dialect: 'quartz' })
  expect(fires(trigger)).toEqual(fires(cron(ours)))
  expect(fires(triggerFromJson(trigger.toJSON()))).toEqual(fires(trigger))
})

test.each(['0 0 9 ? * 0', '0 0 9 ? * 8', '0 9 * * 2', '0 0 9 ? * 0-6'])('%s is none of Quartz', expression => {
  expect(() => cron(expression, { dialect: 'quartz' })).toThrow(expect.objectContaining({ code: 'cron-invalid' }))
})

test('the books keep a dialect only where there is one', () => {
  expect(cron('0 0 9 ? * 2', { dialect: 'quartz' }).toJSON()).toMatchObject({ dialect: 'quartz' })
  expect(cron('0 9 * * 2', { dialect: 'unix' }).toJSON()).not.toHaveProperty('dialect')
})
