import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { compareNumbers, SortedList } from '../../../src/stores/memory/sorted-list.ts'

interface Row {
  readonly key: number
}

describe('SortedList', () => {
  const change = fc.record({ key: fc.integer({ min: 0, max: 30 }), adds: fc.boolean() })

  test('holds what a sorted set holds, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), changes => {
        const list = new SortedList<Row, Row>((a, b) => compareNumbers(a.key, b.key))
        const expected = new Set<number>()
        for (const { key, adds } of changes) {
          if (adds && !list.has({ key })) list.add({ key })
          if (!adds) list.delete({ key })
          if (adds) expected.add(key)
          else expected.delete(key)
        }
        const keys = [...expected].toSorted((a, b) => a - b)
        expect(list.items.map(row => row.key)).toEqual(keys)
        expect(list.first?.key).toBe(keys[0])
        for (const key of [0, 7, 30]) {
          expect(list.has({ key })).toBe(expected.has(key))
          expect(list.indexOf({ key })).toBe(keys.filter(each => each < key).length)
        }
      })
    )
  })

  test('drops the first ones', () => {
    const list = new SortedList<Row, Row>((a, b) => compareNumbers(a.key, b.key))
    for (const key of [3, 1, 2]) list.add({ key })
    list.dropFirst(2)
    expect(list.items).toEqual([{ key: 3 }])
  })
})
