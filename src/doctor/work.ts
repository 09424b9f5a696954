import { unknownTasks } from '../views/nodes.ts'
import { type Check, problem } from './finding.ts'
import { some } from './some.ts'

export const nothingOverdue: Check = ({ overdue, now }) => {
  const first = overdue[0]
  if (first === undefined) return []
  return [
    problem('schedules-overdue', {
      what: `Due and undecided, the first for ${Math.round((now - first.dueAt) / 1_000)} s: ${some(overdue.map(({ id }) => id))}.`,
      why: 'The scheduler does not keep up, cannot read them, or does not run.',
      fix: `escapement explain ${first.id}; then the log of the scheduler`
    })
  ]
}

export const nothingDecidedAhead: Check = ({ ahead = [], now }) => {
  const first = ahead[0]
  if (first === undefined) return []
  const longest = ahead.reduce((latest, { decidedUntil }) => Math.max(latest, decidedUntil), 0)
  return [
    problem('schedules-ahead', {
      what: `Decided for up to ${Math.round((longest - now) / 1_000)} s ahead of now: ${some(ahead.map(({ id }) => id))}.`,
      why: 'A clock ran ahead when they were decided, or is behind now. Fire times until then are skipped, unless a scheduler whose clock has agreed for 15 s takes the decisions back.',
      fix: `set the clock right; then escapement schedules reset ${first.id}, where no scheduler runs`
    })
  ]
}

export const everyTaskKnown: Check = ({ backlogs, nodes }) => {
  const unknown = unknownTasks(backlogs, nodes).filter(({ waiting }) => waiting > 0)
  if (unknown.length === 0) return []
  return [
    problem('tasks-unknown', {
      what: `Jobs wait for tasks that no live process knows: ${some(unknown.map(({ task, waiting }) => `${task} (${waiting})`))}.`,
      why: 'They wait until a process that knows the task starts. A task that was renamed in code leaves its jobs behind.',
      fix: `escapement jobs list --task ${unknown[0]!.task}; then deploy the task, or cancel its jobs`
    })
  ]
}
