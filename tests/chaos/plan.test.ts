import { assert, constant, integer, property, record, subarray, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { faultKinds, planOf, type PlanOptions } from '../../chaos/plan.ts'

const options: Arbitrary<PlanOptions> = record({
  seed: integer(),
  seconds: integer({ min: 20, max: 300 }),
  kinds: subarray([...faultKinds], { minLength: 1 }),
  leaseTtlMs: constant(3_000),
  calmMs: integer({ min: 5_000, max: 10_000 })
})

test('a plan follows from its seed, and another seed gives another one', () => {
  assert(
    property(options, given => {
      expect(planOf(given)).toEqual(planOf(given))
      const others = [1, 2, 3].map(more => planOf({ ...given, seed: given.seed + more }))
      expect(others).not.toEqual([planOf(given), planOf(given), planOf(given)])
    })
  )
})

test('every fault is of a kind that was asked for, and has ended when the calm begins', () => {
  assert(
    property(options, given => {
      const plan = planOf(given)
      expect(plan.length).toBeGreaterThan(0)
      for (const { kind, atMs, lastsMs, whom } of plan) {
        expect(given.kinds).toContain(kind)
        expect(atMs + lastsMs).toBeLessThanOrEqual(given.seconds * 1_000 - given.calmMs)
        expect(whom >= 0 && whom < 1).toBe(true)
        if (kind === 'freeze') expect(lastsMs).toBeGreaterThan(given.leaseTtlMs)
      }
    })
  )
})

test('no kind comes a second time before every other has come', () => {
  assert(
    property(options, given => {
      const kinds = planOf(given).map(({ kind }) => kind)
      for (let from = 0; from < kinds.length; from += given.kinds.length) {
        const round = kinds.slice(from, from + given.kinds.length)
        expect(new Set(round).size).toBe(round.length)
      }
    })
  )
})
