import { randomFrom as fractionsFrom } from '../../../scripts/random-from.ts'

/** The seed that ESCAPEMENT_TEST_SEED gives, to repeat a run. */
export const seedOr = (standard: number): number => Number(process.env['ESCAPEMENT_TEST_SEED'] ?? standard)

/** The seed of this run's random cases; it stands in the names of the tests. */
export const seed = seedOr(Math.floor(Math.random() * 2 ** 31))

/** Whole numbers from a seed: `below(n)` is in 0..n-1. */
export function randomFrom(start: number): { below: (limit: number) => number } {
  const random = fractionsFrom(start)
  return { below: limit => Math.floor(random() * limit) }
}
