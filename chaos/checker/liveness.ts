import { isFinished } from '../../src/core/job/job.ts'
import { UNKNOWN_TASK } from '../workload.ts'
import type { Facts } from './facts.ts'
import { quantile } from './quantile.ts'
import type { Finding } from './rules.ts'
import { isWithin, restOf } from './spans.ts'
import { clock, momentOf, recorded } from './recorded.ts'

export interface Late {
  readonly ms: number
  /**
   * Nothing stood in its way: no fault, and nobody else at the machine, at the fire time and until it had begun or was
   * too late.
   */
  readonly isCalm: boolean
}

/** How late each fire time began, that became a job. */
export function latenessOf({ entries, attempts, faults, others, limits }: Facts): Late[] {
  const startedAt = momentOf(entries, 'run.began') ?? -Infinity
  const firsts = [...attempts.values()].flatMap(([first]) => first ?? [])
  return firsts.flatMap(({ fireAt, at }) => {
    if (fireAt === undefined) return []
    const looksAt = Math.min(at, fireAt + limits.punctualMs)
    const isTroubled = [fireAt, looksAt].some(
      each => isWithin(faults, each, limits.recoveryMs) || isWithin(others, each, limits.punctualMs)
    )
    return [{ ms: at - fireAt, isCalm: fireAt >= startedAt && !isTroubled }]
  })
}

const ENOUGH_FOR_P99 = 100

/** L1. Of fewer than 100 fire times the 99th of 100 would be the latest one, which a busy machine chooses. */
export function punctualityFindings(facts: Facts): Finding[] {
  const calm = latenessOf(facts)
    .filter(({ isCalm }) => isCalm)
    .map(({ ms }) => ms)
  if (calm.length === 0 && facts.others.length > 0) return []
  if (calm.length === 0)
    return [{ rule: 'L1', says: 'No fire time lay away from the faults, so that nothing can be said.' }]
  const share = calm.length < ENOUGH_FOR_P99 ? 0.9 : 0.99
  const late = quantile(calm, share)
  if (late <= facts.limits.punctualMs) return []
  return [
    { rule: 'L1', says: `${share * 100} of 100 fire times began within ${Math.round(late)} ms, away from faults.` }
  ]
}

export interface Orphan {
  readonly job: string
  /** From the death of the process until another attempt began, or the job was ended. */
  readonly ms: number
  readonly calmMs: number
}

/** What was running as its process was killed. */
export function orphansOf({ entries, attempts, jobs, faults, others }: Facts): Orphan[] {
  const pidOf = new Map(recorded(entries, 'node.started').map(({ by, pid }) => [by, pid]))
  const killedAt = new Map(
    recorded(entries, 'process.ended').flatMap(({ pid, signal, at }) => (signal === 'SIGKILL' ? [[pid, at]] : []))
  )
  const left = new Set(recorded(entries, 'attempt.left').map(({ job, fence }) => `${job}#${fence}`))
  return [...attempts].flatMap(([job, begun]) =>
    begun.flatMap((attempt, index): Orphan[] => {
      const diedAt = killedAt.get(pidOf.get(attempt.by) ?? -1)
      const finishedAt = jobs.get(job)?.finishedAt
      if (diedAt === undefined || left.has(`${job}#${attempt.fence}`)) return []
      if (finishedAt !== undefined && finishedAt <= diedAt) return []
      const to = begun[index + 1]?.at ?? finishedAt ?? Infinity
      return [{ job, ms: to - diedAt, calmMs: restOf({ from: diedAt, to }, [...faults, ...others]) }]
    })
  )
}

/** L3. */
export function orphanFindings(facts: Facts): Finding[] {
  return orphansOf(facts)
    .filter(({ calmMs }) => calmMs > facts.limits.orphanMs)
    .map(({ job, ms }) => ({
      rule: 'L3',
      says: `${job} was taken over ${Math.round(ms)} ms after its process had died.`
    }))
}

/** L4, and the end of the processes: none dies by itself, and all end well when they are asked to. */
export function healingFindings({ entries, books, faults, others, limits }: Facts): Finding[] {
  const findings: Finding[] = []
  const find = (says: string): void => void findings.push({ rule: 'L4', says })
  const fedAt = momentOf(entries, 'run.fed') ?? Infinity
  const drainedAt = momentOf(entries, 'run.drained')
  const troubledUntil = Math.max(fedAt, ...faults.map(({ to }) => to))
  if (drainedAt === undefined) find('The books were never drained.')
  else if (restOf({ from: troubledUntil, to: drainedAt }, others) > limits.healMs)
    find(`The books were drained ${Math.round(drainedAt - troubledUntil)} ms after the last trouble.`)
  for (const { id, task, state } of books.jobs)
    if (task !== UNKNOWN_TASK && !isFinished(state)) find(`${id} (${task}) is still ${state}.`)
  for (const { pid, code, signal, at } of recorded(entries, 'process.ended'))
    if (code !== 0 && !isWithin(faults, at, limits.recoveryMs))
      find(`The process ${pid} ended with ${code ?? signal} at ${clock(at)}.`)
  return findings
}
