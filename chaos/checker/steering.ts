import { CONCURRENCY } from '../workload.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { clock, recorded } from './recorded.ts'

/**
 * S14: from the response to a pause until the resume is asked for, nothing is decided to fire, and none of those
 * instants fires later.
 */
export function pauseFindings({ entries, books, limits }: Facts): Finding[] {
  const paused = recorded(entries, 'schedule.paused')
  const resuming = recorded(entries, 'schedule.resuming')
  return paused.flatMap(({ schedule, at: from }) => {
    const to = resuming.find(entry => entry.schedule === schedule && entry.at > from)?.at ?? Infinity
    const isPaused = (at: number): boolean => at > from + limits.clockErrorMs && at < to - limits.clockErrorMs
    return books.ledger
      .filter(row => row.scheduleId === schedule && row.outcome === 'fired')
      .filter(({ fireAt, decidedAt }) => isPaused(fireAt) || isPaused(decidedAt))
      .map(({ fireAt }): Finding => ({
        rule: 'S14',
        says: `${schedule} fired for ${clock(fireAt)} while it was paused.`
      }))
  })
}

/** S8 over a process: its own lines, which are in order, never open more attempts than it may run. */
export function concurrencyFindings({ entries }: Facts): Finding[] {
  const findings: Finding[] = []
  const open = new Map<string, number>()
  for (const { what, by, at } of entries) {
    if (what !== 'attempt.begun' && what !== 'attempt.left') continue
    const running = (open.get(by) ?? 0) + (what === 'attempt.begun' ? 1 : -1)
    open.set(by, running)
    if (running > CONCURRENCY) findings.push({ rule: 'S8', says: `${by} ran ${running} attempts at ${clock(at)}.` })
  }
  return findings
}
