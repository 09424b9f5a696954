import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Logger } from '../../../src/core/job/handler.ts'
import { jsonLines } from '../../../src/runtime/events/json-lines.ts'

function recorded(level: keyof Logger = 'debug') {
  const lines: string[] = []
  const logger = jsonLines({ level, now: () => 1_700_000_000_000, write: line => void lines.push(line) })
  return { logger, lines }
}

/** What pino writes for the same call, but for the time. */
function byPino(level: keyof Logger, ...said: [object, string]): object {
  let line = '{}'
  pino({ level: 'debug', base: null }, { write: text => (line = text) })[level](...said)
  return { ...(JSON.parse(line) as object), time: 1_700_000_000_000 }
}

test.each<[keyof Logger, object]>([
  ['debug', { ship: 'Ann', knots: 12 }],
  ['info', {}],
  ['warn', { at: new Date(0), list: [1, { two: [3] }], nothing: undefined, none: null, odd: NaN }],
  ['error', { err: new TypeError('storm') }],
  ['error', { err: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }]
])('%s: readers of pino’s lines read ours', (level, fields) => {
  const { logger, lines } = recorded()
  logger[level](fields, 'arrived')
  expect(lines).toEqual([expect.stringMatching(/^\{"level":\d\d,"time":\d+,.*"msg":"arrived"\}\n$/)])
  expect(JSON.parse(lines[0]!)).toEqual(byPino(level, fields, 'arrived'))
})

test('lines below the level are not written', () => {
  const { logger, lines } = recorded('warn')
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, level)
  expect(lines.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual(['warn', 'error'])
})

test('an error is written with its causes and its members', () => {
  const { logger, lines } = recorded()
  const sea = new RangeError('sea')
  logger.error({ err: new AggregateError([new Error('a'), 'b'], 'storm', { cause: sea }) })
  expect(JSON.parse(lines[0]!)).toMatchObject({
    err: {
      type: 'AggregateError',
      message: 'storm',
      stack: expect.stringContaining('storm'),
      cause: { type: 'RangeError', message: 'sea' },
      errors: [{ type: 'Error', message: 'a' }, 'b']
    }
  })
})

test('what JSON has no form for is written as text, and what comes twice is written twice', () => {
  const { logger, lines } = recorded()
  const ship = { name: 'Ann' }
  const fleet = { ships: [ship, ship], of: {} }
  fleet.of = fleet
  const err: Error & { of?: Error } = new Error('storm')
  err.of = err
  logger.info({ fleet, err, tons: 3n })
  expect(JSON.parse(lines[0]!)).toMatchObject({
    fleet: { ships: [ship, ship], of: '[Circular]' },
    err: { of: '[Circular]' },
    tons: '3'
  })
})
