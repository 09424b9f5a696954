import type { ScheduleState } from '../../schedule/schedule.ts'
import { zoneIn } from '../../trigger/zone/zone-in.ts'
import { type BooksSeen, renews, type StartlessJob } from './books-seen.ts'
import { type AlertPolicy, limitsOf } from './policy.ts'
import type { Truth } from '../rule.ts'

/** What should run and has not begun: undecided fire times, and jobs that nobody has claimed. */
export function notStarted(seen: BooksSeen, policy: AlertPolicy): Truth[] {
  const isLate = (scheduleId: string, runAt: number): boolean =>
    Math.max(runAt, seen.calmFrom) + limitsOf(policy, scheduleId).startWithinMs < seen.now
  const undecided = seen.due.filter(({ id, nextFireAt }) => isLate(id, nextFireAt ?? seen.now)).map(undecidedTruth)
  const waiting = seen.startless.filter(({ scheduleId, runAt }) => isLate(scheduleId, runAt))
  const states = new Map(seen.schedules.map(({ state }) => [state.id, state]))
  const unclaimed = waiting.map(job => unclaimedTruth(job, seen, states.get(job.scheduleId)))
  return firstOfEach([...undecided, ...unclaimed])
}

const undecidedTruth = ({ id, nextFireAt = 0, definition }: ScheduleState): Truth => ({
  rule: 'not-started',
  subject: id,
  since: nextFireAt,
  why: 'is due, and no scheduler has decided it: there is no row in the ledger',
  timezone: zoneIn(definition.trigger)
})

function unclaimedTruth(job: StartlessJob, seen: BooksSeen, state: ScheduleState | undefined): Truth {
  return {
    rule: 'not-started',
    subject: job.scheduleId,
    since: job.runAt,
    why: `fired, and its job ${job.id} has no attempt: ${reasonOf(job, seen)}`,
    timezone: state === undefined ? undefined : zoneIn(state.definition.trigger)
  }
}

function reasonOf({ task, queue }: StartlessJob, { pausedQueues, nodes, now, leaseTtlMs }: BooksSeen): string {
  if (pausedQueues.has(queue)) return `its queue "${queue}" is paused`
  const working = nodes.filter(node => renews(node, now, leaseTtlMs) && node.roles.includes('worker'))
  if (working.length === 0) return 'no worker is alive'
  if (!working.some(({ tasks }) => tasks.includes(task))) return `no live worker knows its task "${task}"`
  return `it waits in its queue "${queue}" behind others`
}

/** The one that has waited longest stands for its subject. */
function firstOfEach(truths: readonly Truth[]): Truth[] {
  const first = new Map<string, Truth>()
  for (const truth of truths) {
    const known = first.get(truth.subject)
    if (known === undefined || truth.since < known.since) first.set(truth.subject, truth)
  }
  return [...first.values()]
}
