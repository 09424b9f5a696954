import type { Seated } from '../history.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { restOf } from './spans.ts'
import { clock, type Recorded, recorded } from './recorded.ts'

/** S7: who was elected under a term alone wrote under it, and nobody under a lower one after a higher had written. */
export function termFindings({ entries, books }: Facts): Finding[] {
  const findings: Finding[] = []
  const find = (says: string): void => void findings.push({ rule: 'S7', says })
  const holderOf = new Map<string, number>()
  const ownTerm = new Map<string, number>()
  for (const { seat, term, pid, by } of recorded(entries, 'seat.elected')) {
    const holder = holderOf.get(`${seat} ${term}`)
    if (holder !== undefined) find(`${seat}: the term ${term} was given to ${holder} and to ${pid}.`)
    holderOf.set(`${seat} ${term}`, pid)
    const before = ownTerm.get(`${seat} ${by}`)
    if (before !== undefined && before >= term) find(`${seat}: ${pid} was elected for ${term} after ${before}.`)
    ownTerm.set(`${seat} ${by}`, term)
  }
  const highest = new Map<string, number>()
  for (const { seat, term, pid } of books.seatWrites) {
    if (holderOf.get(`${seat} ${term}`) !== pid)
      find(`${seat}: ${pid} wrote under the term ${term}, which is not its own.`)
    const before = highest.get(seat) ?? term
    if (before > term) find(`${seat}: ${pid} wrote under the term ${term} after ${before} had been written under.`)
    highest.set(seat, Math.max(before, term))
  }
  return findings
}

export interface TakeOver {
  readonly seat: string
  readonly ms: number
  /** The part of it that no fault lasted for. */
  readonly calmMs: number
  readonly how: 'killed' | 'resigned'
}

/** From the end of each holder, by a kill or by its own word, to the election of the next. */
export function takeOversOf({ entries, faults, others }: Facts): TakeOver[] {
  const killedAt = new Map(
    recorded(entries, 'process.ended').flatMap(({ pid, signal, at }) => (signal === 'SIGKILL' ? [[pid, at]] : []))
  )
  const deposed = recorded(entries, 'seat.deposed')
  const elected = recorded(entries, 'seat.elected').toSorted((a, b) => a.term - b.term)
  return elected.flatMap((holder): TakeOver[] => {
    const next = elected.find(({ seat, term }) => seat === holder.seat && term > holder.term)
    const own = deposed.find(({ seat, term, by }) => seat === holder.seat && term === holder.term && by === holder.by)
    const endsAt = own?.at ?? killedAt.get(holder.pid)
    if (next === undefined || endsAt === undefined || next.at < endsAt) return []
    const span = { from: endsAt, to: next.at }
    return [
      {
        seat: holder.seat,
        ms: next.at - endsAt,
        calmMs: restOf(span, [...faults, ...others]),
        how: own === undefined ? 'killed' : 'resigned'
      }
    ]
  })
}

/** L2. */
export function takeOverFindings(facts: Facts): Finding[] {
  const { limits } = facts
  const late = takeOversOf(facts)
    .filter(({ calmMs }) => calmMs > limits.takeOverMs)
    .map(({ seat, ms }): Finding => ({ rule: 'L2', says: `${seat} stood empty for ${Math.round(ms)} ms.` }))
  return [...late, ...emptyAtEnd(facts)]
}

/** Seats whose last holder was killed, and that nobody took for longer than the limit until all was done. */
function emptyAtEnd({ entries, faults, others, limits }: Facts): Finding[] {
  const latest = new Map<string, Recorded<Seated>>()
  for (const holder of recorded(entries, 'seat.elected')) {
    const before = latest.get(holder.seat)
    if (before === undefined || before.term < holder.term) latest.set(holder.seat, holder)
  }
  const doneAt = recorded(entries, 'run.drained')[0]?.at
  return [...latest.values()].flatMap(({ seat, pid }): Finding[] => {
    const endedAt = recorded(entries, 'process.ended').find(ended => ended.pid === pid)?.at
    if (endedAt === undefined || doneAt === undefined || endedAt > doneAt) return []
    const emptyMs = restOf({ from: endedAt, to: doneAt }, [...faults, ...others])
    return emptyMs > limits.takeOverMs
      ? [{ rule: 'L2', says: `${seat} has had no holder since ${clock(endedAt)}.` }]
      : []
  })
}
