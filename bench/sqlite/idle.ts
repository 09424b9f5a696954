import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from '../bar.ts'
import { withScratchFile } from './scratch.ts'

/** What a process that only waits costs. */
export interface Idle {
  readonly cpuMs: number
  readonly rssMb: number
}

export interface IdleNode {
  readonly role: 'worker' | 'scheduler'
  readonly schedules: number
}

/** What starting costs is over by then: garbage, and compiling what has become hot. */
const SETTLE_MS = 3_000
const WINDOW_MS = 10_000

/** Ten seconds of a process in the role, on books of its own. */
export const idleCost = ({ role, schedules }: IdleNode): Promise<Idle> =>
  withScratchFile(async file => {
    const args = [file, role, String(schedules), String(SETTLE_MS), String(WINDOW_MS)]
    const child = fork(join(import.meta.dirname, 'idle-node.mjs'), args, { stdio: ['ignore', 2, 2, 'ipc'] })
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`the idle process ended with ${code ?? signal}`)
    })
    const [idle] = (await Promise.race([once(child, 'message'), ended])) as [Idle]
    await ended.catch(() => undefined)
    return idle
  })

/** Resident memory of a Node that has nothing to do. */
export function bareRssMb(): number {
  const print = 'setTimeout(() => console.log(process.memoryUsage.rss()), 500)'
  const { stdout } = spawnSync(process.execPath, ['-e', print], { encoding: 'utf8' })
  return Number(stdout) / 1_048_576
}

export interface ImportTime {
  readonly bareMs: number
  readonly importMs: number
}

const PAIRS = 10

/** From the start of a Node to its end, with and without the import of the built library in between. Medians of pairs. */
export function importTime(): ImportTime {
  const library = JSON.stringify(join(import.meta.dirname, '..', '..', 'dist', 'index.js'))
  const pairs = Array.from({ length: PAIRS }, () => ({ bare: msOf('0'), imported: msOf(`await import(${library})`) }))
  return { bareMs: median(pairs.map(pair => pair.bare)), importMs: median(pairs.map(pair => pair.imported)) }
}

function msOf(script: string): number {
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`Node ended with ${status} on: ${script}`)
  return performance.now() - begun
}
