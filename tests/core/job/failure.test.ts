import { describe, expect, test } from 'vitest'
import { failureOf, sizeOfFailure } from '../../../src/core/job/failure.ts'
import type { Failure, InnerError } from '../../../src/core/job/job.ts'
import { errorOf } from '../../../src/core/job/thrown.ts'
import { thrownValues } from './thrown-values.ts'

const failure = (thrown: unknown): Failure => failureOf({ attempt: 2 }, errorOf(thrown), 7)
const chain = (length: number): Error =>
  length === 1 ? new Error('cause 1') : new Error(`cause ${length}`, { cause: chain(length - 1) })
const messagesOf = ({ message, cause, errors = [] }: Failure | InnerError): unknown[] => [
  message,
  ...(cause === undefined ? [] : [messagesOf(cause)]),
  ...errors.map(messagesOf)
]

describe('what a job keeps of a failure', () => {
  test('are the causes of the error, with their codes and stacks', () => {
    const refused = Object.assign(new TypeError('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const kept = failure(
      new Error('could not read the ships', { cause: new Error('fetch failed', { cause: refused }) })
    )
    expect(kept).toMatchObject({
      attempt: 2,
      at: 7,
      message: 'could not read the ships',
      cause: { message: 'fetch failed', cause: { message: 'TypeError: connect ECONNREFUSED', code: 'ECONNREFUSED' } }
    })
    expect(kept.cause?.cause?.stack).toContain('failure.test.ts')
    expect(kept.cause?.cause).not.toHaveProperty('cause')
  })

  test('are the members of an AggregateError', () => {
    const members = [new Error('::1 refused'), new Error('127.0.0.1 refused', { cause: 'no route' }), 'a text']
    expect(messagesOf(failure(new AggregateError(members, 'no address answered')))).toEqual([
      'no address answered',
      ['::1 refused'],
      ['127.0.0.1 refused', ['no route']],
      ['a text']
    ])
  })

  test('is the cause of what is only like an error', () => {
    expect(failure({ message: 'no berth', cause: new Error('fog') })).toMatchObject({
      message: 'no berth',
      cause: { message: 'fog' }
    })
  })

  test('ends at an error that is behind itself, and at the limits', () => {
    const own = new Error('own')
    own.cause = new Error('other', { cause: own })
    expect(messagesOf(failure(own))).toEqual(['own', ['other']])
    expect(JSON.stringify(messagesOf(failure(chain(9))))).toBe(
      '["cause 9",["cause 8",["cause 7",["cause 6",["cause 5",["cause 4"]]]]]]'
    )
    const wide = (depth: number): Error =>
      depth === 0
        ? new Error('x')
        : new AggregateError(
            Array.from({ length: 9 }, () => wide(depth - 1)),
            'x'
          )
    expect(messagesOf(failure(wide(3))).flat(9)).toHaveLength(11)
  })

  test.each(thrownValues)('is bounded and JSON, with %s as the error and as its cause', (_, make) => {
    for (const thrown of [make(), new Error('x', { cause: make() }), new AggregateError([make(), make()])]) {
      const kept = failure(thrown)
      const text = JSON.stringify(kept)
      expect(JSON.parse(text)).toEqual(kept)
      expect(text.length).toBeLessThan(40_000)
      expect(text.isWellFormed()).toBe(true)
    }
  })

  test('counts with all its texts', () => {
    const error = new Error('ä', { cause: new Error('b') })
    const kept = failure(error)
    const texts = [kept.message, kept.stack, kept.cause?.message, kept.cause?.stack]
    expect(sizeOfFailure(kept)).toBe(texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0))
  })
})
