import { ORPHAN_AFTER_MS } from '../../schedule/orphans.ts'
import type { TriggerJson } from '../../trigger/trigger.ts'
import { type LaneSight, type BooksSeen, renews } from './books-seen.ts'
import type { AlertPolicy } from './policy.ts'
import type { Truth } from '../rule.ts'
import { zoneIn } from '../../trigger/zone/zone-in.ts'

/** Tasks of due jobs that no live worker knows. */
export function tasksUnknown(seen: BooksSeen, policy: AlertPolicy): Truth[] {
  const waits = (lane: LaneSight): boolean =>
    Math.max(lane.runAt, seen.calmFrom) + policy.limits.startWithinMs < seen.now
  return [...Map.groupBy(unknownLanes(seen).filter(waits), ({ task }) => task)].map(([task, lanes]) => ({
    rule: 'unknown-task',
    subject: task,
    since: oldestOf(lanes),
    why: 'jobs of this task are due, and no live process knows it'
  }))
}

function unknownLanes({ lanes, nodes, now, leaseTtlMs }: BooksSeen): readonly LaneSight[] {
  const known = new Set(nodes.filter(node => renews(node, now, leaseTtlMs)).flatMap(({ tasks }) => tasks))
  return lanes.filter(({ task }) => !known.has(task))
}

const oldestOf = (lanes: readonly LaneSight[]): number => Math.min(...lanes.map(({ runAt }) => runAt))

/** The oldest due job of a queue has waited too long. A paused queue waits because a person said so. */
export function oldQueues(seen: BooksSeen, policy: AlertPolicy): Truth[] {
  const unknown = new Set(unknownLanes(seen))
  const lanes = seen.lanes.filter(lane => !seen.pausedQueues.has(lane.queue) && !unknown.has(lane))
  return [...Map.groupBy(lanes, ({ queue }) => queue)].flatMap(([queue, ofQueue]): Truth[] => {
    const since = oldestOf(ofQueue)
    if (Math.max(since, seen.calmFrom) + policy.queueAgeMs >= seen.now) return []
    const why = `its oldest due job has waited for ${Math.floor((seen.now - since) / 1_000)} s`
    return [{ rule: 'queue-old', subject: queue, since, why }]
  })
}

export function deepQueues({ depths, now }: BooksSeen, { queueDepth }: AlertPolicy): Truth[] {
  if (queueDepth === undefined || depths === undefined) return []
  return [...depths]
    .filter(([, jobs]) => jobs > queueDepth)
    .map(([queue, jobs]) => ({ rule: 'queue-deep', subject: queue, since: now, why: `${jobs} jobs wait in it` }))
}

/** A trigger that is to end is not in trouble when it has. */
function isToEnd(trigger: TriggerJson): boolean {
  if (trigger.kind === 'anyOf') return trigger.triggers.every(isToEnd)
  if (trigger.kind === 'spread') return isToEnd(trigger.trigger)
  return trigger.kind === 'date' || trigger.end !== undefined
}

/** Active schedules whose triggers give no further fire time, though they name no end. */
export const noNextFire = ({ endless, now }: BooksSeen): Truth[] =>
  endless
    .filter(({ definition }) => !isToEnd(definition.trigger))
    .map(({ id, decidedUntil, definition }) => ({
      rule: 'no-next-fire',
      subject: id,
      since: Math.min(decidedUntil, now),
      why: 'it is active, and its trigger has no further fire time',
      timezone: zoneIn(definition.trigger)
    }))

/** Schedules that still fire, and that no code has named for 10 minutes. */
export const orphaned = ({ orphans, now }: BooksSeen): Truth[] =>
  orphans.flatMap(({ id, orphanedAt, phase, app }): Truth[] =>
    orphanedAt === undefined || phase !== 'active' || orphanedAt + ORPHAN_AFTER_MS > now
      ? []
      : [
          {
            rule: 'orphaned',
            subject: id,
            since: orphanedAt,
            why: `no code of the app "${app}" names it, and it still fires`
          }
        ]
  )
