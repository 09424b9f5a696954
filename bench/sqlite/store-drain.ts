import { systemClock } from '../../src/clock/system.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { idleTask } from '../node/tasks.ts'
import { fill } from './fill.ts'
import type { RawSize } from './raw.ts'
import { withScratchFile } from './scratch.ts'

/**
 * Claim and settle through the port of the store, with no runtime above it, jobs dropped when they complete: the settle
 * of a batch and the claim of the next share a commit, as they do under a worker. Jobs per second.
 */
export const storeDrain = ({ jobs, batch }: RawSize): Promise<number> =>
  withScratchFile(async file => {
    const task = idleTask('dropped', () => undefined)
    await fill(file, { jobs, task })
    const store = await openSqliteStore({ file, clock: systemClock })
    const request = { node: 'bench', tasks: [task.name], queues: undefined, limit: batch, mayTakeSolo: false }
    const begun = performance.now()
    let { jobs: claimed } = await store.claim(request)
    while (claimed.length > 0) {
      const settled = store.settle(
        claimed.map(({ id, fence }) => ({ id, fence, outcome: { kind: 'completed', result: undefined } }))
      )
      const next = store.claim(request)
      await settled
      claimed = (await next).jobs
    }
    const seconds = (performance.now() - begun) / 1_000
    await store.close()
    return jobs / seconds
  })
