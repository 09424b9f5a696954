import { stampOf } from '../../core/access/by.ts'
import { checkName } from '../../core/options/names.ts'
import { written } from '../../views/written.ts'
import type { CheckedRequest, EndpointHandlers } from '../handler.ts'

export const queueHandlers: EndpointHandlers<'listQueues' | 'pauseQueue' | 'resumeQueue'> = {
  listQueues: async ({ store }) => ({
    items: (await store.listQueues()).map(({ queue, pausedAt, counts }) => ({
      ...written({ queue, pausedAt }),
      counts
    }))
  }),
  pauseQueue: asked => paused(asked, true),
  resumeQueue: asked => paused(asked, false)
}

async function paused({ store, operator, parameters, by }: CheckedRequest<'pauseQueue'>, isPaused: boolean) {
  const queue = checkName('The queue', parameters.queue)
  const action = isPaused ? 'queue.pause' : 'queue.resume'
  await store.pauseQueue(queue, isPaused, operator.entry(stampOf(by), { action, targetId: queue }))
  return { queue, isPaused }
}
