import { checkName } from '../../core/options/names.ts'
import type { QueueState } from '../../store/reading.ts'
import type { Store } from '../../store/store.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

export const queueHandlers: EndpointHandlers<'listQueues' | 'pauseQueue' | 'resumeQueue'> = {
  listQueues: async ({ store }) => ({ items: (await store.listQueues()).map(shown) }),
  pauseQueue: ({ store, parameters: { queue } }) => paused(store, queue, true),
  resumeQueue: ({ store, parameters: { queue } }) => paused(store, queue, false)
}

const shown = ({ queue, pausedAt, counts }: QueueState) => ({ ...written({ queue, pausedAt }), counts })

async function paused(store: Store, name: string, isPaused: boolean) {
  const queue = checkName('The queue', name)
  await store.pauseQueue(queue, isPaused)
  const state = (await store.listQueues()).find(each => each.queue === queue)
  return shown(state ?? { queue, pausedAt: undefined, counts: {} })
}
