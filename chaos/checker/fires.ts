import type { LedgerRow } from '../../src/core/schedule/ledger.ts'
import type { ScheduleVerification } from '../../src/core/verify/verify-counts.ts'
import type { IntendedSchedule } from '../workload.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { clock } from './recorded.ts'

/** S1 and S2, computed apart from the product's own verification, and that one's verdict. */
export function ledgerFindings({ books, schedules }: Facts): Finding[] {
  const rowsOf = Map.groupBy(books.ledger, ({ scheduleId }) => scheduleId)
  const createdAt = new Map(books.schedules.map(schedule => [schedule.id, schedule.createdAt]))
  const known = new Set(schedules.map(({ id }) => id))
  const strange: Finding[] = [...rowsOf.keys()]
    .filter(id => !known.has(id))
    .map(id => ({ rule: 'S3', says: `The ledger has rows of ${id}, which nobody declared.` }))
  const missing: Finding[] = schedules
    .filter(({ id }) => !createdAt.has(id))
    .map(({ id }) => ({ rule: 'S2', says: `The schedule ${id} is not in the books.` }))
  const wrong = schedules.flatMap(schedule => {
    const rows = (rowsOf.get(schedule.id) ?? []).toSorted((a, b) => a.fireAt - b.fireAt || a.lastFireAt - b.lastFireAt)
    const after = createdAt.get(schedule.id)
    return after === undefined
      ? []
      : [...coverage(schedule, after, rows), ...rows.flatMap(wrongRow(schedule, after, rows))]
  })
  return [...strange, ...missing, ...wrong, ...books.verifications.flatMap(wrongVerification)]
}

const fireTimesIn = ({ everyMs }: IntendedSchedule, after: number, until: number): number =>
  Math.max(0, Math.floor(until / everyMs) - Math.floor(after / everyMs))

/** Fire times that two rows speak of, and those of which none does. */
function coverage(schedule: IntendedSchedule, createdAt: number, rows: readonly LedgerRow[]): Finding[] {
  const findings: Finding[] = []
  let coveredUntil = createdAt
  const miss = (until: number): void => {
    const missing = fireTimesIn(schedule, coveredUntil, until)
    if (missing > 0)
      findings.push({
        rule: 'S2',
        says: `${schedule.id}: ${missing} fire times after ${clock(coveredUntil)} have no row.`
      })
  }
  for (const row of rows) {
    if (row.fireAt <= coveredUntil && coveredUntil > createdAt)
      findings.push({ rule: 'S1', says: `${schedule.id}: two rows speak of the fire time ${clock(row.fireAt)}.` })
    else miss(row.fireAt - 1)
    coveredUntil = Math.max(coveredUntil, row.lastFireAt)
  }
  miss(schedule.endAt)
  return findings
}

const standIns: ReadonlySet<string> = new Set(['fired', 'overlapped', 'misfired'])

function wrongRow(schedule: IntendedSchedule, createdAt: number, rows: readonly LedgerRow[]) {
  return ({ fireAt, lastFireAt, count, outcome, jobId }: LedgerRow, index: number): Finding[] => {
    const which = `${schedule.id}: the row "${outcome}" at ${clock(fireAt)}`
    const findings: Finding[] = []
    const isOfSchedule = [fireAt, lastFireAt].every(
      at => at % schedule.everyMs === 0 && at > createdAt && at <= schedule.endAt
    )
    if (!isOfSchedule) findings.push({ rule: 'S3', says: `${which} is of no fire time.` })
    else if (fireTimesIn(schedule, fireAt - 1, lastFireAt) !== count)
      findings.push({ rule: 'S2', says: `${which} counts ${count} until ${clock(lastFireAt)}.` })
    if (outcome === 'coalesced' && !standIns.has(rows[index + 1]?.outcome ?? ''))
      findings.push({ rule: 'S2', says: `${which} is followed by none that stands for it.` })
    if ((outcome === 'fired') !== (jobId !== undefined) || (outcome === 'fired' && count !== 1))
      findings.push({
        rule: 'S2',
        says: `${which} of ${count} fire times has ${jobId === undefined ? 'no' : 'a'} job.`
      })
    return findings
  }
}

function wrongVerification(verification: ScheduleVerification): Finding[] {
  const { id, expected, double, missing, pending, notes } = verification
  const decided =
    verification.fired +
    verification.coalesced +
    verification.misfired +
    verification.overlapped +
    verification.paused +
    verification.orphaned +
    verification.excluded
  const why = notes.length === 0 ? '' : ` ${notes.join(' ')}`
  const findings: Finding[] = []
  if (double > 0) findings.push({ rule: 'S1', says: `verify: ${id} has ${double} fire times twice.${why}` })
  if (missing > 0 || pending > 0 || decided !== expected)
    findings.push({
      rule: 'S2',
      says: `verify: ${id} expects ${expected}, and has ${decided} decided, ${missing} missing, ${pending} pending.${why}`
    })
  return findings
}

/** Of S1 and S3: which jobs were created from fire times, and whether what ran was asked for. */
export function creationFindings({ books, jobs, attempts, entries }: Facts): Finding[] {
  const findings: Finding[] = []
  const jobOf = new Map<string, string>()
  const create = (schedule: string, fireAt: number, job: string): void => {
    const fire = `${schedule} at ${clock(fireAt)}`
    const first = jobOf.get(fire) ?? job
    jobOf.set(fire, first)
    if (first !== job) findings.push({ rule: 'S1', says: `${fire} became the jobs ${first} and ${job}.` })
  }
  const fired = new Set<string>()
  for (const { outcome, jobId, scheduleId, fireAt } of books.ledger) {
    if (outcome !== 'fired' || jobId === undefined) continue
    fired.add(jobId)
    create(scheduleId, fireAt, jobId)
    if (!jobs.has(jobId)) findings.push({ rule: 'S9', says: `The job ${jobId} of ${scheduleId} is not in the books.` })
  }
  const asked = new Set(entries.flatMap(entry => (entry.what === 'enqueue.asked' ? [entry.job] : [])))
  for (const { id, scheduleId, fireAt } of books.jobs)
    if (scheduleId !== undefined && fireAt !== undefined) create(scheduleId, fireAt, id)
  for (const [job, [first]] of attempts)
    if (first?.schedule !== undefined && first.fireAt !== undefined) create(first.schedule, first.fireAt, job)
  for (const job of new Set([...jobs.keys(), ...attempts.keys()]))
    if (!fired.has(job) && !asked.has(job))
      findings.push({ rule: 'S3', says: `The job ${job} was created from no fire time, and nobody asked for it.` })
  return findings
}
