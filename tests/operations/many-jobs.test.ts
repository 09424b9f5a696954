import { describe, expect, test } from 'vitest'
import { task } from '../../src/core/job/task.ts'
import {
  cancelling,
  type Deed,
  deleting,
  doToMany,
  type ManyOptions,
  orderOfMany,
  retrying
} from '../../src/operations/many-jobs.ts'
import type { JobFilter } from '../../src/store/reading.ts'
import { failing, Lab } from '../runtime/lab.ts'

const load = task('load', { handler: () => Promise.reject(new Error('ebb')), maxAttempts: 1 })
const once = task('once', { handler: () => Promise.reject(new Error('ebb')), delivery: 'at-most-once' })
const wait = task('wait', { handler: () => undefined })

async function setUp() {
  const lab = new Lab()
  const node = await lab.started({ tasks: [load, once, wait] })
  const many = (deed: Deed, filter: JobFilter, options?: ManyOptions) =>
    doToMany(node, deed, orderOfMany(deed, filter, options))
  const states = (): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const { state } of lab.books.jobs.values()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }
  const fail = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await node.enqueuer.enqueue(load, index)
    while ((await node.store.listJobs({ state: 'available' }, { limit: 1 })).items.length > 0) await node.work()
  }
  return { lab, node, many, states, fail }
}

describe('many jobs', () => {
  test('are retried, but for those that may not be', async () => {
    const { node, many, states, fail } = await setUp()
    await node.enqueuer.enqueue(once, 1)
    await fail(230)
    expect(states()).toEqual({ discarded: 231 })
    expect(await many(retrying, { state: 'discarded' })).toEqual({ done: 230, left: 1, cursor: undefined })
    expect(states()).toEqual({ available: 230, discarded: 1 })
  })

  test('are looked at up to a limit, and the next call continues from there', async () => {
    const { many, states, fail } = await setUp()
    await fail(250)
    const filter = { state: 'discarded', task: 'load' } as const
    const first = await many(deleting, filter, { limit: 120 })
    expect(first).toMatchObject({ done: 120, left: 0, cursor: expect.stringMatching(/^discarded:./) as string })
    expect(states()).toEqual({ discarded: 130 })
    expect(await many(deleting, filter, { cursor: first.cursor! })).toEqual({ done: 130, left: 0, cursor: undefined })
    expect(states()).toEqual({})
  })

  test('are cancelled in all states in which they are not finished, by task and queue', async () => {
    const { node, many, states } = await setUp()
    await node.enqueuer.enqueueMany(
      wait,
      Array.from({ length: 150 }, (_, index) => index),
      { queue: 'slow' }
    )
    await node.enqueuer.enqueueMany(wait, [1, 2, 3], { queue: 'slow', delay: '1h' })
    await node.enqueuer.enqueue(wait, 'other')
    const first = await many(cancelling, { queue: 'slow' }, { limit: 2 })
    expect(first).toMatchObject({ done: 2, left: 0 })
    expect(await many(cancelling, { queue: 'slow' }, { cursor: first.cursor! })).toEqual({
      done: 151,
      left: 0,
      cursor: undefined
    })
    expect(states()).toEqual({ cancelled: 153, available: 1 })
  })

  test('a call that fails has done a part, and the same call does the rest', async () => {
    const { node, many, states, fail } = await setUp()
    await fail(250)
    const real = node.store.deleteJobs.bind(node.store)
    let calls = 0
    Object.assign(node.store, {
      deleteJobs: (ids: string[]) => (++calls === 2 ? Promise.reject(new Error('away')) : real(ids))
    })
    await expect(many(deleting, { state: 'discarded' })).rejects.toThrow('away')
    expect(states()).toEqual({ discarded: 150 })
    expect(await many(deleting, { state: 'discarded' })).toMatchObject({ done: 150 })
  })

  test('another fault than that of one job ends the call', async () => {
    const { node, many, fail } = await setUp()
    await fail(2)
    failing(node.store, 'retry')
    await expect(many(retrying, { state: 'discarded' })).rejects.toThrow('retry failed')
  })

  test.each<[Deed, unknown, unknown, string]>([
    [cancelling, {}, undefined, 'an empty filter'],
    [cancelling, { state: 'completed' }, undefined, 'the state "completed"'],
    [deleting, { task: 'load' }, undefined, 'a filter without a state'],
    [deleting, { state: 'running' }, undefined, 'the state "running"'],
    [retrying, { taks: 'load' }, undefined, 'jobs.retryMany(): the filter has the unknown option "taks"'],
    [retrying, { state: 'discarded' }, { limit: 0 }, 'limit 0'],
    [retrying, { state: 'discarded' }, { cursor: 'here' }, 'the cursor "here"']
  ])('refuse what they do not take', async (deed, filter, options, named) => {
    const { many } = await setUp()
    await expect(async () => many(deed, filter as never, options as never)).rejects.toThrow(named)
  })
})
