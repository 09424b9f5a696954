/** The seed that ESCAPEMENT_TEST_SEED gives, to repeat a run. */
export const seedOr = (standard: number): number => Number(process.env['ESCAPEMENT_TEST_SEED'] ?? standard)

/** The seed of this run's random cases; it stands in the names of the tests. */
export const seed = seedOr(Math.floor(Math.random() * 2 ** 31))

/** Whole numbers from a seed (mulberry32): `below(n)` is in 0..n-1. */
export function randomFrom(start: number): { below: (limit: number) => number } {
  let state = start
  return {
    below: limit => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
    }
  }
}
