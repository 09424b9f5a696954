import { createEscapement, type Escapement } from '../../src/index.ts'
import type { AnyTask } from '../../src/core/job/task.ts'
import { idleTask } from '../node/tasks.ts'
import { payload } from '../payload.ts'
import { withScratchFile } from './scratch.ts'

export interface EnqueueSize {
  readonly jobs: number
  /** How many call at the same time; each awaits its result before it calls again. */
  readonly callers: number
}

/** Jobs per second of `enqueue(task, payload)` in a process that only enqueues; each call resolves after its commit. */
export const enqueueByCallers = ({ jobs, callers }: EnqueueSize): Promise<number> =>
  withEscapement(async (escapement, task) => {
    let left = jobs
    const caller = async (): Promise<void> => {
      for (; left > 0; left -= 1) await escapement.enqueue(task, payload)
    }
    await Promise.all(Array.from({ length: callers }, caller))
  }).then(ms => (jobs / ms) * 1_000)

/** Milliseconds that the work takes with an Escapement that was not started, on a file of its own. */
function withEscapement(work: (escapement: Escapement, task: AnyTask) => Promise<void>): Promise<number> {
  return withScratchFile(async file => {
    const task = idleTask('kept', () => undefined)
    const escapement = createEscapement({ database: `sqlite:${file}`, tasks: [task], roles: ['web'], logger: false })
    await escapement.enqueue(task, payload)
    const begun = performance.now()
    await work(escapement, task)
    const ms = performance.now() - begun
    await escapement.stop()
    return ms
  })
}
