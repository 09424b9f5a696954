import { statfs } from 'node:fs/promises'
import { cpus, freemem, totalmem } from 'node:os'

/** How much of this host is in use, in percent. */
export interface HostShares {
  /** Of all processors, since the look before. */
  readonly cpuPercent: number
  /** What programs could not have without swapping. */
  readonly memoryPercent: number
  /** Of the file system of `/`. Undefined: it can't be read. */
  readonly diskPercent: number | undefined
}

/** Time of all processors since the host booted, in milliseconds. */
export interface ProcessorTime {
  readonly busyMs: number
  readonly allMs: number
}

export function processorTime(): ProcessorTime {
  let [busyMs, allMs] = [0, 0]
  for (const { times } of cpus()) {
    const { idle, ...busy } = times
    const used = Object.values(busy).reduce((sum, each) => sum + each, 0)
    busyMs += used
    allMs += used + idle
  }
  return { busyMs, allMs }
}

export const percent = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.round(1_000 * Math.min(1, Math.max(0, part / whole))) / 10

/** The processors from one look to the next; the others as they are now. */
export async function hostShares(before: ProcessorTime, now: ProcessorTime): Promise<HostShares> {
  return {
    cpuPercent: percent(now.busyMs - before.busyMs, now.allMs - before.allMs),
    memoryPercent: percent(totalmem() - freemem(), totalmem()),
    diskPercent: await diskPercent()
  }
}

/** As `df` computes it: what is reserved for root counts neither as used nor as free. */
async function diskPercent(): Promise<number | undefined> {
  try {
    const { blocks, bfree, bavail } = await statfs('/')
    return percent(blocks - bfree, blocks - bfree + bavail)
  } catch {
    return undefined
  }
}
