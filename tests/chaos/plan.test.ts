import { assert, constant, integer, property, record, subarray, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { faultKinds, planOf, type PlanOptions } from '../../chaos/plan.ts'

const options: Arbitrary<PlanOptions> = record({
  seed: integer(),
  kinds: subarray([...faultKinds], { minLength: 1 }),
  leaseTtlMs: constant(3_000),
  firstAtMs: integer({ min: 1_000, max: 5_000 }),
  lastAtMs: integer({ min: 30_000, max: 300_000 })
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

test('every fault is of a kind that was asked for, begins after the first calm, and has ended before the last', () => {
  assert(
    property(options, given => {
      const plan = planOf(given)
      expect(plan.length).toBeGreaterThan(0)
      for (const { kind, atMs, lastsMs, whom } of plan) {
        expect(given.kinds).toContain(kind)
        expect(atMs).toBeGreaterThanOrEqual(given.firstAtMs)
        expect(atMs + lastsMs).toBeLessThanOrEqual(given.lastAtMs)
        expect(whom >= 0 && whom < 1).toBe(true)
        if (kind === 'freeze') expect(lastsMs).toBeGreaterThan(given.leaseTtlMs)
      }
    })
  )
})

test('no kind comes a second time before every other has come', () => {
  assert(
    property(options, given => {
      const counts = given.kinds.map(kind => planOf(given).filter(fault => fault.kind === kind).length)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    })
  )
})
