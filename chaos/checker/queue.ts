import type { BookedJob } from '../books.ts'
import { MAY_LIVE, type TaskName, tasks, UNKNOWN_TASK } from '../workload.ts'
import type { Facts } from './facts.ts'
import type { Finding } from './rules.ts'
import { clock, recorded } from './recorded.ts'

/** S9: acknowledged is not lost, and nothing is there that nobody asked for (that half is told with S3). */
export function conservationFindings({ entries, books, jobs }: Facts): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const { id } of books.jobs) {
    if (seen.has(id)) findings.push({ rule: 'S9', says: `${id} is in the books twice.` })
    seen.add(id)
  }
  for (const { job, outcome } of recorded(entries, 'enqueue.answered'))
    if (outcome !== 'duplicate' && !jobs.has(job))
      findings.push({ rule: 'S9', says: `${job} was acknowledged (${outcome}), and is lost.` })
  return findings
}

const isTransactional = (task: string): boolean => task in tasks && tasks[task as TaskName].isTransactional

/** S10. */
export function effectFindings({ books, jobs }: Facts): Finding[] {
  const rowsOf = Map.groupBy(books.effects, ({ job }) => job)
  const wrong = [...jobs.values()]
    .filter(({ task }) => isTransactional(task))
    .flatMap((job): Finding[] => {
      const rows = rowsOf.get(job.id) ?? []
      if (rows.length !== (job.state === 'completed' ? 1 : 0))
        return [
          { rule: 'S10', says: `${job.id} (${job.task}) is ${job.state}, and has ${rows.length} rows of effects.` }
        ]
      return rows[0] === undefined || rows[0].fence === job.fence
        ? []
        : [{ rule: 'S10', says: `${job.id} was completed by ${job.fence}, and its effects are of ${rows[0].fence}.` }]
    })
  const strange = [...rowsOf.keys()].filter(id => !isTransactional(jobs.get(id)?.task ?? ''))
  return [
    ...wrong,
    ...strange.map((id): Finding => ({ rule: 'S10', says: `${id} has effects, and no such job is in the books.` }))
  ]
}

/**
 * An insert has the instant at which it began, and so does a settle. On PostgreSQL the insert of a key waits while the
 * settle of its previous job is being committed. So by their stamps the one may be created before the other ended.
 */
const WAITED_MS = 1_000

/** S13: the lives of the jobs that have one key, by the store's own stamps, don't overlap. */
export function uniqueKeyFindings({ books }: Facts): Finding[] {
  const keyed = books.jobs.filter(({ uniqueKey }) => uniqueKey !== undefined)
  return [...Map.groupBy(keyed, ({ task, uniqueKey }) => `${task} ${uniqueKey}`)].flatMap(([key, jobs]) =>
    overlapping(jobs, { most: 1, byMs: WAITED_MS }).map(({ id, createdAt }): Finding => ({
      rule: 'S13',
      says: `${id} was created at ${clock(createdAt)}, while another job had the key ${key}.`
    }))
  )
}

/** S8 over the jobs of a schedule: those that were created while as many others lived as may. */
export function overlapFindings({ books, schedules }: Facts): Finding[] {
  const known = new Set(schedules.map(({ id }) => id))
  const created = books.jobs.filter(({ scheduleId }) => scheduleId !== undefined && known.has(scheduleId))
  return [...Map.groupBy(created, ({ scheduleId }) => scheduleId)].flatMap(([schedule, jobs]) =>
    overlapping(jobs, { most: MAY_LIVE, byMs: 0 }).map(({ id, createdAt }): Finding => ({
      rule: 'S8',
      says: `${schedule}: ${id} was created at ${clock(createdAt)}, while another of its jobs lived.`
    }))
  )
}

interface Overlap {
  readonly most: number
  readonly byMs: number
}

/** The jobs that were created while `most` others were not finished, and would not be for longer than `byMs`. */
function overlapping(jobs: readonly BookedJob[], { most, byMs }: Overlap): BookedJob[] {
  const living: number[] = []
  return jobs
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.finishedAt ?? Infinity) - (b.finishedAt ?? Infinity))
    .filter(({ createdAt, finishedAt = Infinity }) => {
      const others = living.filter(endsAt => endsAt > createdAt + byMs).length
      living.push(finishedAt)
      return others >= most
    })
}

/** L5: jobs of a task that no process knows wait, untouched. */
export function unknownTaskFindings({ jobs, attempts }: Facts): Finding[] {
  return [...jobs.values()]
    .filter(({ id, task, state }) => task === UNKNOWN_TASK && (state !== 'available' || attempts.has(id)))
    .map(({ id, state }) => ({ rule: 'L5', says: `${id} is of a task that nobody knows, and is ${state}.` }))
}
