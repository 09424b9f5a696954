import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from '../bar.ts'
import { messageOf } from '../children.ts'

/** What a process that only waits costs. */
export interface Idle {
  readonly cpuMs: number
  readonly rssMb: number
}

/** A script that starts what is measured as an app does, and then calls `tellIdling`. */
export interface IdleScript {
  readonly script: URL
  readonly args: readonly string[]
  readonly isQuick: boolean
  /** Read when the window begins and when it ends. */
  readonly counters?: () => Promise<Counters>
}

export type Counters = Readonly<Record<string, number>>

export interface CountedIdle extends Idle {
  /** By how much each counter has grown. */
  readonly counted: Counters
}

/**
 * A session of PostgreSQL tells what it did once a second while it works; one that has gone quiet, ten seconds later
 * (PGSTAT_IDLE_INTERVAL).
 */
const TOLD_AFTER_MS = 12_000

/**
 * A window of ten seconds of a process that waits. What starting costs is over by then: garbage, and compiling what has
 * become hot.
 */
export async function idleCost({ script, args, isQuick, counters }: IdleScript): Promise<CountedIdle> {
  const [settleMs, windowMs] = isQuick ? [50, 400] : [counters === undefined ? 3_000 : TOLD_AFTER_MS, 10_000]
  const child = fork(script, [...args, String(settleMs), String(windowMs)], { stdio: ['ignore', 2, 2, 'ipc'] })
  try {
    await messageOf(child)
    const count = counters ?? (async (): Promise<Counters> => ({}))
    const [idle, before] = await Promise.all([messageOf(child) as Promise<Idle>, count()])
    const after = await count()
    const counted = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)])
    return { ...idle, counted: Object.fromEntries(counted) as Counters }
  } finally {
    if (child.exitCode === null) await once(child, 'exit')
  }
}

/** A node of ours that only waits. */
export const idleNode = (
  database: string,
  {
    role,
    schedules,
    ...rest
  }: { readonly role: 'worker' | 'scheduler'; readonly schedules: number } & Pick<IdleScript, 'isQuick' | 'counters'>
): Promise<CountedIdle> =>
  idleCost({ script: new URL('idle-node.mjs', import.meta.url), args: [database, role, String(schedules)], ...rest })

/** Medians of samples. */
export function medianIdle(samples: readonly CountedIdle[]): CountedIdle {
  const names = Object.keys(samples[0]?.counted ?? {})
  const medianOf = (name: string): number => median(samples.map(({ counted }) => counted[name] ?? Number.NaN))
  return {
    cpuMs: median(samples.map(sample => sample.cpuMs)),
    rssMb: median(samples.map(sample => sample.rssMb)),
    counted: Object.fromEntries(names.map(name => [name, medianOf(name)]))
  }
}

/** Resident memory of a Node that has nothing to do. */
export function bareRssMb(): number {
  const print = 'setTimeout(() => console.log(process.memoryUsage.rss()), 500)'
  const { stdout } = spawnSync(process.execPath, ['-e', print], { encoding: 'utf8' })
  return Number(stdout) / 1_048_576
}

/** The entry of the built library, and of others by their names. */
export const builtLibrary = join(import.meta.dirname, '..', '..', 'dist', 'index.js')

/**
 * From the start of a Node that imports the modules to its end: medians of so many, taken in turn. `[]` is the bare
 * Node.
 */
export function importTimes(imports: readonly (readonly string[])[], samples: number): number[] {
  const taken = Array.from({ length: samples }, () => imports.map(modules => msOf(modules)))
  return imports.map((_, index) => median(taken.map(sample => sample[index] ?? Number.NaN)))
}

function msOf(modules: readonly string[]): number {
  const script = modules.map(module => `await import(${JSON.stringify(module)})`).join('\n')
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 2, 2]
  })
  if (status !== 0) throw new Error(`Node ended with ${status} on the import of ${modules.join(' and ')}`)
  return performance.now() - begun
}
