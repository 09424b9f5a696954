import { describe, expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { isRedacted, redact, REDACTED } from '../../../src/core/payload/redact.ts'

const order = {
  card: { number: '4111', holder: 'Ann' },
  items: [
    { iban: 'DE1', price: 1 },
    { iban: 'DE2', price: 2 }
  ],
  customer: { first: { email: 'a@x' }, second: { email: 'b@x', name: 'Bob' } }
}

describe('what a path names is left out', () => {
  test.each<[string, object]>([
    ['card.number', { ...order, card: { number: REDACTED, holder: 'Ann' } }],
    ['card', { ...order, card: REDACTED }],
    [
      'items.*.iban',
      {
        ...order,
        items: [
          { iban: REDACTED, price: 1 },
          { iban: REDACTED, price: 2 }
        ]
      }
    ],
    [
      'items.iban',
      {
        ...order,
        items: [
          { iban: REDACTED, price: 1 },
          { iban: REDACTED, price: 2 }
        ]
      }
    ],
    [
      'items.1.iban',
      {
        ...order,
        items: [
          { iban: 'DE1', price: 1 },
          { iban: REDACTED, price: 2 }
        ]
      }
    ],
    ['items.*', { ...order, items: [REDACTED, REDACTED] }],
    [
      'customer.*.email',
      { ...order, customer: { first: { email: REDACTED }, second: { email: REDACTED, name: 'Bob' } } }
    ],
    ['*', { card: REDACTED, items: REDACTED, customer: REDACTED }],
    ['card.number.digits', order],
    ['nothing.here', order],
    ['constructor', order]
  ])('%s', (path, redacted) => {
    const before = JSON.stringify(order)
    expect(redact(order, [path])).toEqual(redacted)
    expect(JSON.stringify(order)).toBe(before)
    expect(isRedacted(order, [path])).toBe(false)
    expect(isRedacted(redact(order, [path]), [path])).toBe(redacted !== order)
  })

  test('of a list of them, and of what is no object', () => {
    expect(redact([order, { card: { number: '1' } }], ['card.number'])).toMatchObject([
      { card: { number: REDACTED } },
      { card: { number: REDACTED } }
    ])
    for (const value of ['4111', 4, null, undefined, true]) expect(redact(value, ['card', '*'])).toBe(value)
    expect(redact(order, [])).toBe(order)
  })

  test('and nothing else that happens to read so', () => {
    expect(isRedacted({ note: REDACTED, card: { number: '1' } }, ['card.number'])).toBe(false)
  })
})

describe('the option', () => {
  const handler = (): void => undefined

  test('takes paths', () => {
    expect(task('pay', { handler, redact: ['card.number', '*', 'items.*.iban'] }).redact).toHaveLength(3)
    expect(task('pay', { handler }).redact).toBeUndefined()
  })

  test.each<[unknown, RegExp]>([
    ['card', /has redact "card"; it takes a list of paths/],
    [[1], /has redact with 1; it takes a path/],
    [[''], /has redact with ""/],
    [['card..number'], /Write "card\.number"\./],
    [['items[0].iban'], /Write "items\.0\.iban"\./],
    [['items[*].iban'], /Write "items\.\*\.iban"\./],
    [['$.card.number'], /Write "card\.number"\./],
    [['card["number"]'], /Write "card\.number"\./],
    [['**.iban'], /it takes a path such as/],
    [['x'.repeat(201)], /up to 200 characters/]
  ])('refuses %j', (paths, why) => {
    expect(() => task('pay', { handler, redact: paths as string[] })).toThrow(
      expect.objectContaining({ code: 'task-invalid', message: expect.stringMatching(why) })
    )
  })
})
