import type { Struck } from '../history.ts'
import type { Facts } from './facts.ts'
import type { Finding, Limits } from './rules.ts'
import { restOf, type Span } from './spans.ts'
import { clock, momentOf, type Recorded, recorded } from './recorded.ts'

/** A store that was ended, and was away for so long, has been asked for by somebody. */
const NOTICED_MS = 1_000
/**
 * Where nothing is heard every call ends at its deadline, which is below the lease. A locked file is waited for in
 * silence.
 */
const noticedAfterMs = { cut: ({ leaseTtlMs }: Limits) => leaseTtlMs, 'restart-database': () => NOTICED_MS }
const isOfStore = (kind: string): kind is keyof typeof noticedAfterMs => Object.hasOwn(noticedAfterMs, kind)

/** L6. */
export function visibilityFindings(facts: Facts): Finding[] {
  const { entries } = facts
  const endedAt = new Map(recorded(entries, 'fault.ended').map(({ number, at }) => [number, at]))
  return recorded(entries, 'fault.began').flatMap(fault => {
    const until = endedAt.get(fault.number) ?? Infinity
    if (fault.kind === 'kill') return fault.pids.flatMap(pid => unburied(facts, pid))
    if (fault.kind === 'freeze') return fault.pids.flatMap(pid => unawareOf(facts, fault, { pid, until }))
    return isOfStore(fault.kind) ? unnoticed(facts, fault, until) : []
  })
}

/** A node that was killed is not shown as alive when all is over. */
function unburied({ books, entries }: Facts, pid: number): Finding[] {
  if (!recorded(entries, 'node.started').some(entry => entry.pid === pid)) return []
  const phases = books.nodes.filter(node => node.pid === pid).map(({ phase }) => phase)
  if (phases.length > 0 && !phases.includes('alive')) return []
  return [
    {
      rule: 'L6',
      says: `The process ${pid} was killed, and the books have it as ${phases.join(' and ') || 'nothing'}.`
    }
  ]
}

/**
 * A node that was frozen for longer than its lease says so when it wakes, unless it was ended before it could. Who has
 * lost it shortly before, by another fault, need not have one again.
 */
function unawareOf(
  { entries, limits }: Facts,
  { at }: Recorded<Struck>,
  { pid, until }: { pid: number; until: number }
): Finding[] {
  if (until - at < limits.leaseTtlMs + 2 * limits.clockErrorMs) return []
  const startedAt = recorded(entries, 'node.started').find(entry => entry.pid === pid)?.at ?? Infinity
  const isEnded = recorded(entries, 'process.ended').some(
    entry => entry.pid === pid && entry.at < until + limits.recoveryMs
  )
  const says = recorded(entries, 'node.lease-lost').some(
    entry => entry.pid === pid && entry.at >= at - limits.recoveryMs
  )
  return says || isEnded || startedAt > at
    ? []
    : [{ rule: 'L6', says: `The process ${pid} was frozen at ${clock(at)}, and never said that its lease was lost.` }]
}

/** A store that was away is missed by somebody who was awake, and found again by everybody who missed it. */
function unnoticed({ entries, books, limits }: Facts, fault: Recorded<Struck>, until: number): Finding[] {
  const { at, kind, pids } = fault
  const noticedMs = isOfStore(kind) ? noticedAfterMs[kind](limits) : Infinity
  const failed = recorded(entries, 'loop.failed').filter(
    entry => entry.at >= at && entry.at <= until + limits.recoveryMs
  )
  if (failed.length === 0 && !pids.some(pid => awakeMs(entries, pid, { from: at, to: until }) >= noticedMs)) return []
  if (failed.length === 0) return [{ rule: 'L6', says: `Nobody noticed the fault "${kind}" of ${clock(at)}.` }]
  const alive = new Set(books.nodes.flatMap(({ pid, phase }) => (phase === 'alive' ? [pid] : [])))
  const recovered = recorded(entries, 'loop.recovered')
  const lost = failed.find(
    ({ pid, at }) => alive.has(pid) && !recovered.some(entry => entry.pid === pid && entry.at > at)
  )
  return lost === undefined
    ? []
    : [{ rule: 'L6', says: `The process ${lost.pid} never recovered from the fault "${kind}" of ${clock(at)}.` }]
}

const freezing: ReadonlySet<string> = new Set(['freeze', 'ambush', 'depose'])

/** How much of a stretch a process was there for, and not frozen. */
function awakeMs(entries: Facts['entries'], pid: number, { from, to }: Span): number {
  const ended = recorded(entries, 'process.ended', 'node.stopped').find(entry => entry.pid === pid)?.at ?? to
  const endOf = new Map(recorded(entries, 'fault.ended').map(({ number, at }) => [number, at]))
  const frozen = recorded(entries, 'fault.began')
    .filter(({ kind, pids }) => freezing.has(kind) && pids.includes(pid))
    .map(({ number, at }) => ({ from: at, to: endOf.get(number) ?? to }))
  const there = { from, to: Math.min(to, ended) }
  return there.to <= there.from ? 0 : restOf(there, frozen)
}

/** L7: with everything done, a second and more pass without a line of any process. */
export function quietFindings({ entries, others }: Facts): Finding[] {
  const from = momentOf(entries, 'quiet.began')
  const to = momentOf(entries, 'quiet.ended')
  if (from === undefined || to === undefined) return [{ rule: 'L7', says: 'There was no quiet to listen to.' }]
  // On a machine that is not the run's alone event loops are held up, and say so.
  if (restOf({ from, to }, others) < to - from) return []
  const heard = entries.filter(({ at, by }) => at > from && at < to && by !== 'rig')
  return heard.length === 0
    ? []
    : [
        {
          rule: 'L7',
          says: `${heard.length} lines were written in the quiet, the first by ${heard[0]?.by}: ${heard[0]?.what}.`
        }
      ]
}
