import { expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import type { ClaimRequest } from '../../../src/store/jobs.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { Lab, LEASE_TTL_MS, tampered, turn } from '../lab.ts'

/** A node of two slots, and what each of its claims asked for at the most. */
async function measured(lab: Lab, jobs: number) {
  const load = task('load', { handler: () => undefined })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 2 } } })
  await Promise.all(Array.from({ length: jobs }, () => node.enqueuer.enqueue(load, null)))
  const limits: number[] = []
  tampered(node.store, 'claim', claim => request => {
    const { tasks, limit } = request as ClaimRequest
    if (tasks.includes('load')) limits.push(limit)
    return claim(request)
  })
  return { node, limits }
}

async function workFor(lab: Lab, node: ManualNode, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await node.work()
    await lab.clock.advance(10)
  }
}

test('nothing is claimed ahead before a rate is measured', async () => {
  const lab = new Lab()
  const { node, limits } = await measured(lab, 10)
  await node.work()
  expect(limits).toEqual([2])
})

test('no more than what is finished in 100 ms at the measured rate', async () => {
  const lab = new Lab()
  const { node, limits } = await measured(lab, 1_000)
  await workFor(lab, node, 2)
  expect(limits).toEqual([2, 2])
  await node.work()
  expect(limits.at(-1)).toBe(2 + 20)
})

test('that the store was slow to answer while there was nothing to do does not make the node slow', async () => {
  const lab = new Lab()
  const { node, limits } = await measured(lab, 1_000)
  await workFor(lab, node, 2)
  tampered(node.store, 'claim', claim => async request => {
    await lab.clock.advance(1_000)
    return claim(request)
  })
  await workFor(lab, node, 2)
  expect(limits.at(-1)).toBeGreaterThan(20)
})

test('what ages is begun in the order of its age, also among what was claimed ahead', async () => {
  const lab = new Lab()
  const begun: unknown[] = []
  const load = task('load', { handler: ({ payload }) => void begun.push(payload) })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1, priorityAging: '1s' } } })
  await node.enqueuer.enqueue(load, 'patient', { priority: 3 })
  await lab.clock.advance(2_500)
  await node.enqueuer.enqueue(load, 'earlier', { priority: 0 })
  await lab.clock.advance(1_000)
  await node.enqueuer.enqueue(load, 'later', { priority: 0 })
  for (let round = 0; round < 3; round++) await node.work()
  expect(begun).toEqual(['earlier', 'patient', 'later'])
})

test('a node that has become slow claims little again', async () => {
  const lab = new Lab()
  const { node, limits } = await measured(lab, 1_000)
  await workFor(lab, node, 3)
  await lab.clock.advance(10_000)
  await node.work()
  expect(limits.at(-1)).toBe(2)
})

test('what was claimed ahead when the lease is lost is given back, and not begun', async () => {
  const lab = new Lab()
  const gate = Promise.withResolvers<void>()
  const load = task('load', { handler: ({ payload }) => (payload === 'quick' ? undefined : gate.promise) })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1 } } })
  for (let count = 0; count < 6; count++) {
    await node.enqueuer.enqueue(load, 'quick')
    await node.work()
    await lab.clock.advance(10)
  }
  const slow = await Promise.all([1, 2].map(() => node.enqueuer.enqueue(load, 'slow')))
  await node.claim()
  expect(slow.map(({ id }) => lab.job(id).state)).toEqual(['running', 'running'])
  await lab.clock.advance(LEASE_TTL_MS)
  gate.resolve()
  await turn()
  await node.settle()
  expect(slow.map(({ id }) => lab.job(id).state)).toEqual(['completed', 'available'])
})

test('each claimer claims for its queues only, within its own concurrency', async () => {
  const lab = new Lab()
  const gate = Promise.withResolvers<void>()
  const load = task('load', { handler: () => gate.promise })
  const node = await lab.started({ tasks: [load], config: { worker: { queues: { fast: 2, slow: 1 } } } })
  for (const queue of ['fast', 'fast', 'fast', 'slow', 'slow', 'other'])
    await node.enqueuer.enqueue(load, null, { queue })
  await node.claim()
  const running = [...lab.books.jobs.values()].filter(job => job.state === 'running').map(job => job.queue)
  expect(running.toSorted()).toEqual(['fast', 'fast', 'slow'])
  gate.resolve()
})

test('what is more urgent is begun before what was claimed ahead of it', async () => {
  const lab = new Lab()
  const gate = Promise.withResolvers<void>()
  const begun: string[] = []
  const load = task('load', {
    handler: ({ payload }) => {
      if (payload === 'quick') return undefined
      begun.push(payload as string)
      return gate.promise
    }
  })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 2 } } })
  for (let count = 0; count < 6; count++) {
    await Promise.all([1, 2].map(() => node.enqueuer.enqueue(load, 'quick')))
    await node.work()
    await lab.clock.advance(10)
  }
  for (const name of ['a', 'b', 'c', 'd']) await node.enqueuer.enqueue(load, name)
  await node.claim()
  await node.enqueuer.enqueue(load, 'urgent', { priority: -1 })
  await node.claim()
  expect(begun).toEqual(['a', 'b'])
  gate.resolve()
  await turn()
  expect(begun).toEqual(['a', 'b', 'urgent', 'c', 'd'])
})
