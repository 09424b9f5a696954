import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fill, untilDrained } from './fill.ts'
import { withScratchFile } from './scratch.ts'
import { idleTask } from './tasks.ts'

/** What one process did of a drain. */
export interface Part {
  readonly entered: number
  /** When its first handler was entered, in epoch milliseconds with fractions; NaN if none was. */
  readonly firstAt: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
}

export interface SharedDrain {
  readonly jobsPerSecond: number
  /** What the least served process got of its fair share, 0 to 1. */
  readonly leastShare: number
  /** The worst of all processes' event loops. */
  readonly delayP99Ms: number
  readonly delayMaxMs: number
}

export interface SharedDrainSize {
  readonly jobs: number
  readonly processes: number
}

/** Several worker processes drain one file together, jobs dropped when they complete. */
export const drainByProcesses = ({ jobs, processes }: SharedDrainSize): Promise<SharedDrain> =>
  withScratchFile(async file => {
    await fill(file, { jobs, task: idleTask('dropped', () => undefined) })
    const children = Array.from({ length: processes }, () =>
      fork(new URL('drain-child.ts', import.meta.url), [file], { stdio: ['ignore', 2, 2, 'ipc'] })
    )
    try {
      await Promise.all(children.map(messageOf))
      for (const child of children) child.send('go')
      // Looked at seldom, so that the looking takes little of the processors that the children share.
      await untilDrained(file, 5)
      const drainedAt = performance.timeOrigin + performance.now()
      const parts = await Promise.all(children.map(partOf))
      return together(parts, { jobs, drainedAt })
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  })

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`a process of the bench ended with ${code ?? signal}`)
  })
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
  ended.catch(() => undefined)
  return message
}

function partOf(child: ChildProcess): Promise<Part> {
  const answer = messageOf(child)
  child.send('stop')
  return answer as Promise<Part>
}

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
    delayP99Ms: Math.max(...parts.map(part => part.delayP99Ms)),
    delayMaxMs: Math.max(...parts.map(part => part.delayMaxMs))
  }
}
