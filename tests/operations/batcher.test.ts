import { describe, expect, test } from 'vitest'
import { EscapementError } from '../../src/core/errors.ts'
import type { BatchLimits } from '../../src/operations/enqueue/batch-limits.ts'
import { Batcher } from '../../src/operations/enqueue/batcher.ts'
import type { Held } from '../../src/store/sparing.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { turn } from '../runtime/lab.ts'

const limits: BatchLimits<number> = { count: 1_000, size: Infinity, sizeOf: () => 0 }
const busy = (): Error => new EscapementError('store-busy', 'held by others')
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

interface Rig {
  readonly clock: ManualClock
  readonly batcher: Batcher<number, number>
  /** How many items each call had. */
  readonly calls: number[]
  /** Those that cannot be written now, and how that shows. */
  readonly stuck: Map<number, Error | Held>
}

function rig(): Rig {
  const clock = new ManualClock()
  const calls: number[] = []
  const stuck: Rig['stuck'] = new Map()
  const call = async (items: number[]): Promise<readonly (number | Held)[]> => {
    calls.push(items.length)
    const fault = items.map(item => stuck.get(item)).find(each => each instanceof Error)
    if (fault !== undefined) throw fault
    return items.map(item => (stuck.get(item) === 'held' ? 'held' : item * 10))
  }
  const heldError = (item: number): Error => new EscapementError('store-busy', `${item} is held`)
  return { clock, calls, stuck, batcher: new Batcher(call, limits, { clock, heldError }) }
}

describe('an item that the store will not take', () => {
  test.each([
    ['is refused for good', () => new TypeError('no such number')],
    ['is held by others, so that the store gives up', busy]
  ])('and %s fails alone', async (_, fault) => {
    const { batcher, stuck, calls } = rig()
    stuck.set(613, fault())
    const answers = await Promise.allSettled(numbers(1_000).map(item => batcher.add(item)))
    expect(answers.flatMap(({ status }, item) => (status === 'rejected' ? [item] : []))).toEqual([613])
    expect(answers[999]).toEqual({ status: 'fulfilled', value: 9_990 })
    expect(calls.length).toBeLessThan(25)
  })

  test('leaves those be that come while it is looked for', async () => {
    const { batcher, stuck } = rig()
    stuck.set(3, busy())
    const first = Promise.allSettled(numbers(8).map(item => batcher.add(item)))
    await turn()
    expect(await batcher.add(100)).toBe(1_000)
    expect((await first).map(({ status }) => status).filter(status => status === 'rejected')).toHaveLength(1)
  })
})

describe('an item that others hold', () => {
  test('waits beside the others, and is answered when it is free', async () => {
    const { batcher, stuck, clock } = rig()
    stuck.set(3, 'held')
    const answers = numbers(8).map(item => batcher.add(item))
    const others = answers.filter((_, item) => item !== 3)
    expect(await Promise.all(others)).toEqual([0, 10, 20, 40, 50, 60, 70])
    expect(await batcher.add(100)).toBe(1_000)
    await clock.advance(2_000)
    stuck.delete(3)
    await clock.advance(500)
    expect(await answers[3]).toBe(30)
    await batcher.idle()
    expect(clock.pending).toBe(0)
  })

  test('is told so after its own time, however often others come', async () => {
    const { batcher, stuck, clock } = rig()
    stuck.set(3, 'held')
    const outcome = batcher.add(3).catch((error: Error) => error.message)
    const at = clock.monotonic()
    let endedAt = Infinity
    void outcome.then(() => (endedAt = clock.monotonic()))
    for (let passed = 0; passed < 12_000; passed += 100) {
      await clock.advance(100)
      await batcher.add(100)
    }
    expect(await outcome).toBe('3 is held')
    expect(endedAt - at).toBeGreaterThanOrEqual(9_000)
    expect(endedAt - at).toBeLessThan(10_000)
  })
})

describe('books that cannot be used', () => {
  test('fail for all at once', async () => {
    const { batcher, stuck, calls } = rig()
    stuck.set(3, new EscapementError('store-unavailable', 'gone'))
    const answers = await Promise.allSettled(numbers(1_000).map(item => batcher.add(item)))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    expect(calls).toEqual([1_000])
  })

  test('that are busy as a whole for as long as one may wait are not asked for each', async () => {
    const { clock } = rig()
    let calls = 0
    const slow = new Batcher<number, number>(
      async () => {
        calls++
        clock.set(clock.now() + 10_000)
        throw busy()
      },
      limits,
      { clock, heldError: busy }
    )
    const answers = await Promise.allSettled(numbers(100).map(item => slow.add(item)))
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true)
    expect(calls).toBe(1)
  })
})

const batchesOf = (count: number): BatchLimits<number> => ({ count, size: 100, sizeOf: item => item })

describe('a batcher', () => {
  test('lets calls of one turn share one call, and those that come meanwhile the next', async () => {
    const batches: number[][] = []
    const gate = Promise.withResolvers<void>()
    const batcher = new Batcher<number, number>(async items => {
      batches.push(items)
      await gate.promise
      return items.map(item => item * 10)
    }, batchesOf(3))
    const first = [1, 2, 3, 4].map(item => batcher.add(item))
    await turn()
    const second = batcher.add(5)
    gate.resolve()
    expect(await Promise.all([...first, second])).toEqual([10, 20, 30, 40, 50])
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5]
    ])
  })

  test('ends a batch where it would be too large, and lets one that is too large alone go alone', async () => {
    const batches: number[][] = []
    const batcher = new Batcher<number, number>(async items => {
      batches.push(items)
      return items
    }, batchesOf(9))
    await Promise.all([60, 40, 1, 500, 99, 2].map(item => batcher.add(item)))
    expect(batches).toEqual([[60, 40], [1], [500], [99], [2]])
  })

  test('a call that fails is the failure of its own batch only', async () => {
    let calls = 0
    const batcher = new Batcher<number, number>(async items => {
      if (++calls === 1) throw new Error('ebb')
      return items
    }, batchesOf(1))
    const answers = await Promise.allSettled([batcher.add(1), batcher.add(2)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await batcher.add(3)).toBe(3)
    await batcher.idle()
  })
})
