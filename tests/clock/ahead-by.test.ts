import { expect, test } from 'vitest'
import { aheadBy } from '../../src/clock/ahead-by.ts'

test('one clock is ahead of another by as much as a process finds that is not interrupted between two readings', () => {
  const found = [-40, 250, 210, -900, 249]
  let sample = 0
  expect(aheadBy(() => found[sample++]!)).toBe(250)
})
