import { readdirSync, readFileSync } from 'node:fs'
import type { Recorder } from '../recorder.ts'

const LOOK_EVERY_MS = 1_000
/** Of all processors. What others take of the rest makes nobody late. */
const NOTICED_SHARE = 0.25

/** Ticks of the processors, since the machine was started. */
interface Used {
  readonly all: number
  readonly busy: number
  /** By this process and all that descend from it. */
  readonly own: number
}

/**
 * Writes down when others use the machine, or the machine that hosts it: what is late then is not the product's doing.
 * Writes nothing on systems that don't show it. Returns what ends it.
 */
export function watchMachine(recorder: Recorder): () => void {
  if (process.platform !== 'linux') return () => undefined
  let before = usedNow()
  const timer = setInterval(() => {
    const now = usedNow()
    const share = (now.busy - before.busy - Math.max(0, now.own - before.own)) / (now.all - before.all)
    before = now
    if (share >= NOTICED_SHARE) recorder.write({ what: 'machine.shared', share: Math.round(share * 100) / 100 })
  }, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

function usedNow(): Used {
  const [, user, nice, system, idle, wait, irq, softIrq, stolen] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .split(/\s+/)
    .map(Number) as [number, number, number, number, number, number, number, number, number]
  const busy = user + nice + system + irq + softIrq + stolen
  return { all: busy + idle + wait, busy, own: ownTicks() }
}

function ownTicks(): number {
  const processes = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(ticksOf)
  const children = Map.groupBy(processes, ({ parent }) => parent)
  const own = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + child.ticks + own(child.pid), 0)
  return own(process.pid) + (processes.find(({ pid }) => pid === process.pid)?.ticks ?? 0)
}

/** Its own and those of its children that have ended; none of a process that ends as we look. */
function ticksOf(name: string): { pid: number; parent: number; ticks: number }[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0)
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }]
  } catch {
    return []
  }
}
