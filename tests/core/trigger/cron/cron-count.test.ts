import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cron } from '../../../../src/core/trigger/cron/cron.ts'
import type { Trigger } from '../../../../src/core/trigger/trigger.ts'
import { seed } from '../seed.ts'

const sparse = fc.constantFrom(
  '0 0 1 * *',
  '0 0 1 1 *',
  '0 0 29 2 *',
  '15 30 2 L * ?',
  '0 0 12 LW,15W * ?',
  '0 0 0 ? * fri#2,monL',
  '0 30 1 13 * fri',
  '0 0 0 1 1 ? 2000-2400/7',
  '0 0 31 12 *'
)
const dense = fc.constantFrom(
  '*/5 * * * *',
  '7-52/9 2-3,22-1 * * *',
  '*/20 30 2 * * *',
  '0 */6 * * *',
  '59 23 * * *',
  '0 0 * * *',
  '30 2 1-15 * mon-fri',
  '10,50 * 1 * * sun'
)
const zone = fc.constantFrom(
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Gaza',
  'America/Sao_Paulo',
  'Antarctica/Troll'
)
const policy = fc.record({
  gap: fc.constantFrom('transition' as const, 'skip' as const, 'shift' as const),
  overlap: fc.constantFrom('first' as const, 'last' as const, 'both' as const)
})
const rule = fc.constantFrom('or' as const, 'and' as const)
const year = (index: number) => Date.UTC(index, 0, 1)
const instant = (from: number, to: number) => fc.integer({ min: year(from), max: year(to) })

/** Enumerates (from, to] forth, back, and by count; all three have to agree. */
function agree(trigger: Trigger, from: number, to: number): number[] {
  const forth: number[] = []
  for (let at = trigger.next(from); at !== undefined && at <= to; at = trigger.next(at)) {
    if (at <= (forth.at(-1) ?? from)) throw new Error(`${at} is not later than ${forth.at(-1) ?? from}`)
    forth.push(at)
  }
  const back: number[] = []
  for (let at = trigger.previous(to + 1); at !== undefined && at > from; at = trigger.previous(at)) {
    if (at >= (back.at(-1) ?? to + 1)) throw new Error(`${at} is not earlier than ${back.at(-1) ?? to + 1}`)
    back.push(at)
  }
  expect(back.toReversed()).toEqual(forth)
  expect(trigger.count(from, to)).toBe(forth.length)
  return forth
}

describe(`next, previous and count agree (seed ${seed})`, () => {
  test('over weeks of dense entries', () => {
    const span = fc.integer({ min: 0, max: 20 * 86_400_000 })
    fc.assert(
      fc.property(
        dense,
        zone,
        policy,
        rule,
        instant(1970, 2200),
        span,
        (expression, timezone, dst, days, from, length) => {
          agree(cron(expression, { timezone, dst, days }), from, from + length)
        }
      ),
      { seed, numRuns: 300 }
    )
  })

  test('over decades of sparse ones', () => {
    const span = fc.integer({ min: 0, max: 40 * 365 * 86_400_000 })
    fc.assert(
      fc.property(
        sparse,
        zone,
        policy,
        rule,
        instant(1970, 2300),
        span,
        (expression, timezone, dst, days, from, length) => {
          agree(cron(expression, { timezone, dst, days }), from, from + length)
        }
      ),
      { seed, numRuns: 150 }
    )
  })

  test('whatever was asked before: what a trigger remembers changes no answer', () => {
    const question = fc.record({
      at: instant(1990, 2050),
      ask: fc.constantFrom('next', 'previous', 'count', 'explain')
    })
    fc.assert(
      fc.property(
        fc.oneof(dense, sparse),
        zone,
        policy,
        fc.array(question, { minLength: 2, maxLength: 20 }),
        (expression, timezone, dst, questions) => {
          const answer = (trigger: ReturnType<typeof cron>, { at, ask }: { at: number; ask: string }) =>
            ask === 'next'
              ? trigger.next(at)
              : ask === 'previous'
                ? trigger.previous(at)
                : ask === 'count'
                  ? trigger.count(at, at + 40 * 86_400_000)
                  : trigger.explain(at)
          const one = cron(expression, { timezone, dst })
          for (const each of questions)
            expect(answer(one, each)).toEqual(answer(cron(expression, { timezone, dst }), each))
        }
      ),
      { seed, numRuns: 200 }
    )
  })

  test('with a start and an end', () => {
    fc.assert(
      fc.property(
        dense,
        zone,
        instant(1980, 2040),
        fc.integer({ min: 3 * 86_400_000, max: 40 * 86_400_000 }),
        (expression, timezone, start, length) => {
          const end = start + length
          const free = cron(expression, { timezone })
          const expected = agree(free, start - 1, end)
          if (expected.length === 0) {
            const impossible = expect.objectContaining({ code: 'cron-impossible' })
            expect(() => cron(expression, { timezone, start, end })).toThrow(impossible)
            return
          }
          const bounded = cron(expression, { timezone, start, end })
          expect(agree(bounded, start - 86_400_000, end + 86_400_000)).toEqual(expected)
        }
      ),
      { seed, numRuns: 100 }
    )
  })
})

test('a count over eight thousand years takes no enumeration', () => {
  expect(cron('* * * * * *').count(-1, Infinity)).toBe(253_402_300_800)
  expect(cron('30 2 * * *', { timezone: 'America/New_York' }).count(-Infinity, Infinity)).toBe(
    Date.UTC(9999, 11, 31) / 86_400_000 + 1
  )
})
