import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { seed as baseSeed } from '../core/trigger/seed.ts'
import { simulateMonth } from './month.ts'
import { emptyTally, type Tally } from './witness.ts'

const SEEDS = 1_000
const PARTS = 4
const isRepeated = process.env['ESCAPEMENT_TEST_SEED'] !== undefined

/**
 * A quarter of the thousand seeds: each part is a file of its own, so that they run side by side. With
 * ESCAPEMENT_TEST_SEED the first part lives through that one month again, and the others through none.
 */
export function testSeeds(part: 1 | 2 | 3 | 4): void {
  const count = SEEDS / PARTS
  const first = isRepeated ? baseSeed : (baseSeed + (part - 1) * count) % 2 ** 31
  const last = isRepeated ? first : first + count - 1
  test.runIf(!isRepeated || part === 1)(
    `a month of 200 schedules on three failing nodes is recorded once, seeds ${first} to ${last}`,
    { timeout: 900_000 },
    async () => {
      const total = emptyTally()
      for (let seed = first; seed <= last; seed++) {
        const { findings, tally } = await simulateMonth(seed)
        expect(findings, `ESCAPEMENT_TEST_SEED=${seed} repeats it`).toEqual([])
        addUp(total, tally)
        // A month takes no turn of the event loop by itself, and the test runner wants one now and then.
        await setImmediate()
      }
      expect(total.fired).toBeGreaterThan((last - first + 1) * 500)
      if (!isRepeated)
        expect(
          Object.values(total).every(times => times > 0),
          JSON.stringify(total)
        ).toBe(true)
    }
  )
}

function addUp(total: Tally, tally: Tally): void {
  for (const name of Object.keys(total) as (keyof Tally)[]) total[name] += tally[name]
}
