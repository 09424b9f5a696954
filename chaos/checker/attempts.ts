import type { BookedJob } from '../books.ts'
import type { Begun } from '../history.ts'
import { RETRY_AFTER_MS } from '../workload.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { clock, type Recorded, recorded } from './recorded.ts'

/** S4: neither a fire time nor a delay nor a retry begins early, by the store's clock. */
export function earlyFindings({ entries, attempts, ends, limits }: Facts): Finding[] {
  const leftAt = new Map(recorded(entries, 'attempt.left').map(({ job, fence, at }) => [`${job}#${fence}`, at]))
  const retryAt = ({ job, fence }: Begun): number | undefined => {
    const failed = ends.get(job)?.findLast(end => end.what === 'job.failed' && (end.fence ?? fence) < fence)
    const failedAt = leftAt.get(`${job}#${failed?.fence}`)
    return failedAt === undefined ? undefined : failedAt + RETRY_AFTER_MS
  }
  // A caller that got no response asks again, under the same id: the first call may have been the one that counted.
  const askedFor = new Map(
    recorded(entries, 'enqueue.asked')
      .toReversed()
      .map(({ job, runAt }) => [job, runAt])
  )
  const early = (job: string, begun: Recorded<Begun>, what: string, at: number | undefined): Finding[] =>
    at === undefined || begun.at >= at - limits.clockErrorMs
      ? []
      : [{ rule: 'S4', says: `${job} began at ${clock(begun.at)}, before its ${what} ${clock(at)}.` }]
  return [...attempts].flatMap(([job, begun]) =>
    begun.flatMap(attempt => [
      ...early(job, attempt, 'fire time', attempt.fireAt),
      ...early(job, attempt, 'runAt', attempt.runAt),
      ...early(job, attempt, 'delay until', askedFor.get(job)),
      ...early(job, attempt, 'retry at', retryAt(attempt))
    ])
  )
}

const finals: ReadonlySet<string> = new Set(['job.completed', 'job.discarded', 'job.cancelled'])
const stateOf: Readonly<Record<string, string>> = {
  'job.completed': 'completed',
  'job.discarded': 'discarded',
  'job.cancelled': 'cancelled'
}

/** S5: one end, which the books know, and nothing after it. */
export function endFindings({ ends, attempts, jobs }: Facts): Finding[] {
  const findings: Finding[] = []
  for (const [id, all] of ends) {
    const [end, ...more] = all.filter(({ what }) => finals.has(what))
    if (end === undefined) continue
    if (more.length > 0)
      findings.push({
        rule: 'S5',
        says: `${id} ended ${more.length + 1} times: as ${end.what}, ${more.map(({ what }) => what).join(', ')}.`
      })
    const state = jobs.get(id)?.state
    if (state !== undefined && state !== stateOf[end.what])
      findings.push({ rule: 'S5', says: `${id} ended as ${stateOf[end.what]}, and is ${state}.` })
    const after = attempts.get(id)?.find(({ fence }) => fence > (end.fence ?? Infinity))
    if (after !== undefined)
      findings.push({ rule: 'S5', says: `${id} ended with the attempt ${end.fence}, and ${after.fence} began.` })
  }
  return findings
}

/** S6: fences are given once and grow, and who wrote last is who was claimed last. */
export function fenceFindings({ attempts, books, jobs, limits }: Facts): Finding[] {
  const findings: Finding[] = []
  const holderOf = new Map<number, string>()
  for (const [job, begun] of attempts)
    for (const [index, attempt] of begun.entries()) {
      const holder = holderOf.get(attempt.fence)
      if (holder !== undefined)
        findings.push({ rule: 'S6', says: `The fence ${attempt.fence} was given to ${holder} and to ${job}.` })
      holderOf.set(attempt.fence, job)
      const next = begun[index + 1]
      if (next !== undefined && next.at < attempt.at - limits.clockErrorMs && next.by === attempt.by)
        findings.push({ rule: 'S6', says: `${job}: the attempt ${attempt.fence} began after ${next.fence}.` })
    }
  const overtaken = (id: string, fence: number | undefined, what: string): void => {
    const latest = attempts.get(id)?.at(-1)?.fence
    if (latest !== undefined && fence !== undefined && fence < latest)
      findings.push({
        rule: 'S6',
        says: `${id}: ${what} of the attempt ${fence}, although ${latest} had been claimed.`
      })
  }
  for (const { id, fence, state } of jobs.values())
    if (state === 'completed') overtaken(id, fence, 'the completion is that')
  for (const { job, fence } of books.effects) overtaken(job, fence, 'an effect is that')
  return findings
}

/**
 * S11: an attempt that completed had run to the end; at most once is once; and what was given up had used up its
 * attempts.
 */
export function deliveryFindings({ entries, attempts, jobs }: Facts): Finding[] {
  const finished = new Set(recorded(entries, 'attempt.finishing').map(({ job, fence }) => `${job}#${fence}`))
  const faultOf = (job: BookedJob): string | undefined => {
    const begun = attempts.get(job.id) ?? []
    if (job.state === 'completed' && !finished.has(`${job.id}#${job.fence}`))
      return `is completed by the attempt ${job.fence}, which did not come to its end`
    if (job.delivery === 'at-most-once' && begun.length > 1) return `may run once, and was begun ${begun.length} times`
    if (job.delivery === 'at-most-once' && begun.length === 1 && !['completed', 'discarded'].includes(job.state))
      return `may run once, was begun, and is ${job.state}`
    if (job.state !== 'discarded' || job.delivery === 'at-most-once') return undefined
    if (job.failures >= job.maxAttempts || job.lastErrorCode === 'poison') return undefined
    return `was given up after ${job.failures} of ${job.maxAttempts} failures`
  }
  return [...jobs.values()].flatMap(job => {
    const fault = faultOf(job)
    return fault === undefined ? [] : [{ rule: 'S11', says: `${job.id} (${job.task}) ${fault}.` }]
  })
}

/** S12. */
export function keyFindings({ attempts }: Facts): Finding[] {
  const findings: Finding[] = []
  const jobOf = new Map<string, string>()
  for (const [job, begun] of attempts) {
    const keys = new Set(begun.map(({ key }) => key))
    if (keys.size > 1) findings.push({ rule: 'S12', says: `${job} had the keys ${[...keys].join(' and ')}.` })
    for (const key of keys) {
      const other = jobOf.get(key)
      if (other !== undefined) findings.push({ rule: 'S12', says: `${job} and ${other} had one key, ${key}.` })
      jobOf.set(key, job)
    }
  }
  return findings
}
