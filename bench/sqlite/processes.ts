import { ask, withChildren } from '../children.ts'
import type { LoopDelay } from '../event-loop.ts'
import { idleTask } from '../node/tasks.ts'
import { fill, untilDrained } from './fill.ts'
import { withScratchFile } from './scratch.ts'

/** What one process did of a drain. */
export interface Part {
  readonly entered: number
  /** When its first handler was entered, in epoch milliseconds with fractions; NaN if none was. */
  readonly firstAt: number
  readonly delay: LoopDelay
}

export interface SharedDrain {
  readonly jobsPerSecond: number
  /** What the least served process got of its fair share, 0 to 1. */
  readonly leastShare: number
  /** The worst of all processes' event loops. */
  readonly delay: LoopDelay
}

export interface SharedDrainSize {
  readonly jobs: number
  readonly processes: number
}

/** Several worker processes drain one file together, jobs dropped when they complete. */
export const drainByProcesses = ({ jobs, processes }: SharedDrainSize): Promise<SharedDrain> =>
  withScratchFile(async file => {
    await fill(file, { jobs, task: idleTask('dropped', () => undefined) })
    return withChildren(
      new URL('drain-child.ts', import.meta.url),
      { count: processes, args: [file] },
      async children => {
        for (const child of children) child.send('go')
        // Looked at seldom, so that the looking takes little of the processors that the children share.
        await untilDrained(file, 5)
        const drainedAt = performance.timeOrigin + performance.now()
        return together(await ask<Part>(children, 'stop'), { jobs, drainedAt })
      }
    )
  })

/** The same number of processes, as busy, without a database: the delay that is the machine's own. */
export const turningOnly = (processes: number): Promise<LoopDelay> =>
  withChildren(new URL('turning-child.ts', import.meta.url), { count: processes }, async children =>
    worst(await ask<LoopDelay>(children, 'go'))
  )

const worst = (delays: readonly LoopDelay[]): LoopDelay => ({
  p99Ms: Math.max(...delays.map(delay => delay.p99Ms)),
  maxMs: Math.max(...delays.map(delay => delay.maxMs))
})

function together(
  parts: readonly Part[],
  { jobs, drainedAt }: { readonly jobs: number; readonly drainedAt: number }
): SharedDrain {
  const entered = parts.reduce((sum, part) => sum + part.entered, 0)
  if (entered !== jobs) throw new Error(`${entered} handlers were entered for ${jobs} jobs`)
  const firstAt = Math.min(...parts.map(part => part.firstAt).filter(at => !Number.isNaN(at)))
  return {
    jobsPerSecond: (jobs / (drainedAt - firstAt)) * 1_000,
    leastShare: Math.min(...parts.map(part => part.entered)) / (jobs / parts.length),
    delay: worst(parts.map(part => part.delay))
  }
}
