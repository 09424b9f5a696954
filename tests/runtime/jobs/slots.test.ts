import { expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { ManualNode } from '../../../src/testing/manual-node.ts'

test('concurrency is shared by at-least-once and at-most-once jobs', async () => {
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const handler = (): Promise<void> => {
    most = Math.max(most, ++running)
    return new Promise(resolve =>
      ends.push(() => {
        running--
        resolve()
      })
    )
  }
  const often = task('often', { handler })
  const once = task('once', { handler, delivery: 'at-most-once' })
  const node = new ManualNode({ tasks: [often, once], config: { worker: { concurrency: 3 } } })
  await node.start()
  for (let job = 0; job < 8; job++) await node.enqueuer.enqueue(job % 2 === 0 ? often : once, null)
  for (let round = 0; round < 8; round++) {
    await node.claim()
    for (const end of ends.splice(0)) end()
    await node.clock.advance(0)
    await node.settle()
  }
  expect(most).toBe(3)
  const { items } = await node.store.listJobs({}, { limit: 100 })
  expect(items.map(job => job.state)).toEqual(Array.from({ length: 8 }, () => 'completed'))
})
