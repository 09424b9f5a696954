import { expect, test } from 'vitest'
import { written } from '../../src/views/written.ts'

test('instants are written as ISO 8601 by their names, and nothing as null', () => {
  const view = { at: 0, runAt: 1_500, validFrom: 0, decidedUntil: 0, finishedAt: undefined, node: undefined, fires: 3 }
  expect(written(view)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    runAt: '1970-01-01T00:00:01.500Z',
    validFrom: '1970-01-01T00:00:00.000Z',
    decidedUntil: '1970-01-01T00:00:00.000Z',
    finishedAt: null,
    node: null,
    fires: 3
  })
})

test('what is not ours to write stays as it is', () => {
  const view = { payload: { startAt: 5, left: undefined }, definition: { at: 7 }, format: 4, topologyFrom: 'default' }
  expect(written(view)).toEqual(view)
})
