import { type DiscardSight, keyOf, type BooksSeen } from './books-seen.ts'
import { type AlertPolicy, limitsOf } from './policy.ts'
import type { Truth } from '../rule.ts'
import { zoneIn } from '../../trigger/zone/zone-in.ts'

/** A run is suspiciously short below this part of the median. */
const SHORT_SHARE = 0.1
const MEDIAN_OF = 20
/** Whether a task fails that no schedule fires can't be seen to end: its successes leave the books. */
const TASK_QUIET_MS = 600_000

const subjectOf = ({ task, scheduleId }: { readonly task: string; readonly scheduleId: string | undefined }): string =>
  scheduleId ?? `task ${task}`

/** Jobs that run for longer than allowed, until they have finished; and runs that did so between two looks. */
export function tooLong(seen: BooksSeen, policy: AlertPolicy): Truth[] {
  const still = stillTooLong(seen, policy)
  const known = new Set(still.map(({ subject }) => subject))
  return [...still, ...wasTooLong(seen, policy).filter(({ subject }) => !known.has(subject))]
}

function stillTooLong({ running, now }: BooksSeen, policy: AlertPolicy): Truth[] {
  return running
    .filter(({ scheduleId, claimedAt }) => {
      const { runsAtMostMs } = limitsOf(policy, scheduleId ?? '')
      return runsAtMostMs !== undefined && claimedAt + runsAtMostMs < now
    })
    .map(job => ({
      rule: 'too-long',
      subject: subjectOf(job),
      since: job.claimedAt,
      why: `its job ${job.id} has run for ${Math.floor((now - job.claimedAt) / 1_000)} s`
    }))
}

/** Of schedules that the settings name: the durations of the others' runs are not read. */
function wasTooLong({ schedules, from }: BooksSeen, policy: AlertPolicy): Truth[] {
  return schedules.flatMap(({ state, durations: [last], lastEndedAt }): Truth[] => {
    const { runsAtMostMs } = limitsOf(policy, state.id)
    if (runsAtMostMs === undefined || last === undefined || lastEndedAt === undefined) return []
    if (last <= runsAtMostMs || lastEndedAt < from) return []
    const why = `its last run took ${last} ms; it may take ${runsAtMostMs} ms at most`
    const timezone = zoneIn(state.definition.trigger)
    return [{ rule: 'too-long', subject: state.id, since: lastEndedAt - last, why, timezone }]
  })
}

/** The newest run took less than it must, or less than a tenth of what is usual. It ends with the next normal one. */
export function tooShort({ schedules }: BooksSeen, policy: AlertPolicy): Truth[] {
  return schedules.flatMap(({ state, durations, lastEndedAt }): Truth[] => {
    const [last, ...earlier] = durations
    const { runsAtLeastMs } = limitsOf(policy, state.id)
    const least = runsAtLeastMs ?? usualLeast(earlier)
    if (last === undefined || least === undefined || last >= least || lastEndedAt === undefined) return []
    const why = `its last run took ${last} ms; it takes ${Math.round(least)} ms at least`
    return [
      {
        rule: 'too-short',
        subject: state.id,
        since: lastEndedAt,
        why,
        timezone: zoneIn(state.definition.trigger)
      }
    ]
  })
}

function usualLeast(durations: readonly number[]): number | undefined {
  if (durations.length < MEDIAN_OF) return undefined
  const sorted = durations.slice(0, MEDIAN_OF).toSorted((a, b) => a - b)
  return ((sorted[MEDIAN_OF / 2 - 1]! + sorted[MEDIAN_OF / 2]!) / 2) * SHORT_SHARE
}

/** Jobs without a fire time: by their task. It ends when none was discarded for 10 minutes. */
export function failedTasks({ discards, now, open }: BooksSeen, policy: AlertPolicy): Truth[] {
  const recent = discards.filter(({ fireAt, finishedAt }) => fireAt === undefined && finishedAt > now - TASK_QUIET_MS)
  return [...Map.groupBy(recent, subjectOfDiscard)].flatMap(([subject, jobs]): Truth[] => {
    const isOpen = open.has(keyOf({ rule: 'failed', subject }))
    if (!isOpen && jobs.length < policy.limits.failures) return []
    const since = Math.min(...jobs.map(({ finishedAt }) => finishedAt))
    const newest = jobs.reduce((a, b) => (b.finishedAt > a.finishedAt ? b : a))
    const problem = newest.problem === undefined ? '' : `: ${newest.problem}`
    const why = `${jobs.length === 1 ? `its job ${newest.id}` : `${jobs.length} jobs`} failed for good${problem}`
    return [{ rule: 'failed', subject, since, why, missed: jobs.length }]
  })
}

const subjectOfDiscard = ({ task }: DiscardSight): string => subjectOf({ task, scheduleId: undefined })
