import { describe, expect, test } from 'vitest'
import { errorOf, isA, messageOf } from '../../../src/core/job/thrown.ts'
import { thrownValues } from './thrown-values.ts'

describe('what was thrown, as an error', () => {
  test.each(thrownValues)('%s can be read', (_, make) => {
    const thrown = make()
    expect(isA(thrown, RangeError)).toBe(false)
    const error = errorOf(thrown)
    expect(error).toBeInstanceOf(Error)
    for (let reading = 0; reading < 2; reading++) {
      expect(typeof error.message).toBe('string')
      expect(typeof error.name).toBe('string')
      expect(['string', 'undefined']).toContain(typeof error.stack)
      const said = messageOf(error)
      expect(said.length).toBeGreaterThan(0)
      expect(said.length).toBeLessThanOrEqual(10_000)
    }
  })

  test('an ordinary error is the very one', () => {
    class ShipError extends Error {}
    for (const error of [new ShipError('x'), new TypeError('x'), new DOMException('x'), new AggregateError([])])
      expect(errorOf(error)).toBe(error)
  })

  test.each([
    ['just a text', 'just a text'],
    [42, '42'],
    [undefined, 'undefined'],
    [Symbol('ebb'), 'Symbol(ebb)'],
    [{ status: 404 }, '{"status":404}'],
    [
      { response: { errors: [{ path: ['ship', 'name'], text: 'x' }] } },
      '{"response":{"errors":[{"path":["ship","name"],"text":"x"}]}}'
    ],
    [[404, 'no berth'], '[404,"no berth"]'],
    [{ message: 'no berth' }, 'no berth'],
    [{ message: 'no berth', code: '23505', hint: 'try pier 2' }, 'no berth {"hint":"try pier 2"}'],
    [{ a: 1n }, '{ a: 1n }'],
    [{ a: Array.from({ length: 300 }, () => 1) }, expect.stringMatching(/^\{\s+a: \[/) as string],
    [new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    [
      Object.assign(new Error('x'), { message: undefined, stack: 'Error: the crane is broken\n at x' }),
      'Error: the crane is broken'
    ],
    [Object.assign(new AggregateError([new Error('a'), new Error('b'), new Error('a')])), 'AggregateError: a; b'],
    [new Error(''), 'Error']
  ])('%o says %s', (thrown, said) => {
    expect(messageOf(errorOf(thrown))).toEqual(said)
  })

  test('keeps name, code and stack of what is only like an error', () => {
    const like = { message: 'x', name: 'ShipError', code: 'E_SHIP', stack: 'ShipError: x\n    at berth' }
    expect(errorOf(like)).toMatchObject(like)
  })
})
