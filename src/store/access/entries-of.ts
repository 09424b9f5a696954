import { cancelledAfter, type NewAuditEntry } from '../../core/access/audit.ts'
import type { NewJob } from '../../core/job/job.ts'
import type { CancelAnswer, DeleteAnswer, EnqueueAnswer } from '../jobs.ts'
import type { ScheduleWrite } from '../schedules.ts'

type Entries = readonly NewAuditEntry[]

/** The entries about the writes that were written. */
export const ofSchedules = (writes: readonly ScheduleWrite[], answers: readonly string[]): Entries =>
  writes.flatMap(({ audit }, index) => (audit !== undefined && answers[index] === 'written' ? [audit] : []))

/** The entries about jobs that were cancelled or asked to end, with the one or the other in `after`. */
export function ofCancelled(ids: readonly string[], answers: readonly CancelAnswer[], audit: Entries = []): Entries {
  if (audit.length === 0) return audit
  const changed = answersById(ids, answers, answer => answer === 'cancelled' || answer === 'requested')
  return audit.flatMap(entry => {
    const answer = changed.get(entry.targetId) as keyof typeof cancelledAfter | undefined
    return answer === undefined ? [] : [{ ...entry, after: cancelledAfter[answer] }]
  })
}

/** The entries about jobs that were deleted. */
export function ofDeleted(ids: readonly string[], answers: readonly DeleteAnswer[], audit: Entries = []): Entries {
  if (audit.length === 0) return audit
  const deleted = answersById(ids, answers, answer => answer === 'deleted')
  return audit.filter(({ targetId }) => deleted.has(targetId))
}

/** The entries about jobs that were enqueued; one whose values another job took names that one. */
export function ofEnqueued(
  jobs: readonly Pick<NewJob, 'id'>[],
  answers: readonly EnqueueAnswer[],
  audit: Entries = []
): Entries {
  // Most enqueues have none.
  if (audit.length === 0) return audit
  const ids = jobs.map(({ id }) => id)
  const written = answersById(ids, answers, ({ outcome }) => outcome === 'enqueued' || outcome === 'replaced')
  return audit.flatMap(entry => {
    const answer = written.get(entry.targetId)
    return answer === undefined ? [] : [{ ...entry, targetId: answer.id }]
  })
}

/** The entry about one change, if it was made. */
export const ofOne = (isChanged: boolean, audit: NewAuditEntry | undefined): Entries =>
  isChanged && audit !== undefined ? [audit] : []

const answersById = <Answer>(
  ids: readonly string[],
  answers: readonly Answer[],
  isChange: (answer: Answer) => boolean
): ReadonlyMap<string, Answer> =>
  new Map(ids.flatMap((id, index): [string, Answer][] => (isChange(answers[index]!) ? [[id, answers[index]!]] : [])))
