import { expect, test } from 'vitest'
import { bounded } from '../../src/metrics/bounded.ts'

const sample = (task: string, outcome: string, value: number) => ({ labels: { task, outcome }, value })

test('few values stay as they are', () => {
  const samples = [sample('a', 'completed', 1), sample('b', 'failed', 2)]
  expect(bounded(samples, 'task', 2)).toBe(samples)
})

test('of too many the largest stay, and the others are added up, so that no sum changes', () => {
  const samples = [
    sample('small', 'completed', 1),
    sample('large', 'completed', 50),
    sample('least', 'completed', 1),
    sample('least', 'failed', 1),
    sample('large', 'failed', 5)
  ]
  expect(bounded(samples, 'task', 2)).toEqual([
    sample('other', 'completed', 2),
    sample('large', 'completed', 50),
    sample('other', 'failed', 1),
    sample('large', 'failed', 5)
  ])
})
