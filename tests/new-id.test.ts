import { afterEach, expect, test, vi } from 'vitest'
import { validate, version } from 'uuid'
import { newId } from '../src/new-id.ts'

afterEach(() => vi.restoreAllMocks())

const isGrowing = (ids: readonly string[]): boolean => ids.every((id, index) => index === 0 || ids[index - 1]! < id)
const millisecondOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

test('ids are of version 7, tell when they were made, and grow', () => {
  const before = Date.now()
  const ids = Array.from({ length: 20_000 }, newId)
  expect(ids.every(id => validate(id) && version(id) === 7)).toBe(true)
  expect(isGrowing(ids)).toBe(true)
  expect(millisecondOf(ids[0]!)).toBeGreaterThanOrEqual(before)
  expect(millisecondOf(ids.at(-1)!)).toBeLessThanOrEqual(Date.now())
})

test('they grow also while the clock stands still or is set back', () => {
  const first = newId()
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_000)
  const still = Array.from({ length: 1_000 }, newId)
  now.mockReturnValue(0)
  const back = Array.from({ length: 1_000 }, newId)
  expect(isGrowing([first, ...still, ...back])).toBe(true)
})

test('what tells ids of the same instant apart is random, from its beginning to its end', () => {
  const now = vi.spyOn(Date, 'now')
  const startsAt = Date.now() + 10_000
  const ids = Array.from({ length: 1_000 }, (_, index) => {
    now.mockReturnValue(startsAt + index)
    return newId()
  })
  const digits = ids.map(id => id.slice(13).replaceAll('-', ''))
  const values = Array.from({ length: 20 }, (_, index) => new Set(digits.map(each => each[index])).size)
  // The version is fixed, of the variant two bits are, and of the first random digit the highest bit is left to count.
  expect(values).toEqual([1, 8, ...Array<number>(2).fill(16), 4, ...Array<number>(15).fill(16)])
})
