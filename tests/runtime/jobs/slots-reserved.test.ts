import { expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { ManualNode } from '../../../src/testing/manual-node.ts'

test('a job that waited for slots which an at-most-once claim had reserved begins when the claim brings nothing', async () => {
  const clock = new ManualClock()
  const inner = openMemoryStore({ clock, books: createMemoryBooks() })
  const withheld = Promise.withResolvers<void>()
  const store: typeof inner = {
    ...inner,
    claim: async request => {
      if (request.tasks.includes('once')) await withheld.promise
      return inner.claim(request)
    }
  }
  let ran = 0
  const often = task('often', { handler: () => void ran++ })
  const holds = task('holds', { handler: () => new Promise(() => undefined) })
  const once = task('once', { handler: () => undefined, delivery: 'at-most-once' })
  const node = new ManualNode({ clock, store, tasks: [often, once, holds] })
  await node.start()
  const [plain, reserving] = node.node.worker.claimers
  // A process that runs nothing claims with one claimer at a time.
  await node.enqueuer.enqueue(holds, null)
  await plain!.tick()
  await node.enqueuer.enqueue(often, null)
  // Asked for in the same turn, so that neither sees the other's answer; the one that reserves is answered last.
  const claims = [plain!.tick(), reserving!.tick()]
  await clock.advance(0)
  withheld.resolve()
  await Promise.all(claims)
  await clock.advance(0)
  expect(ran).toBe(1)
})
