import type { PhaseBy, ScheduleDefinition, SchedulePhase, TimelineRow } from '../schedule/schedule.ts'
import { dependsOnZone } from '../trigger/zone/depends-on-zone.ts'
import type { Trigger } from '../trigger/trigger.ts'
import { triggerOf } from '../trigger/trigger-cache.ts'

/** The phase and definition that applied to the fire times in (after, until]. */
export interface Stretch {
  readonly phase: SchedulePhase
  readonly phaseBy: PhaseBy | undefined
  readonly definition: ScheduleDefinition
  readonly trigger: Trigger
  readonly after: number
  /** Infinity for the current stretch. */
  readonly until: number
  /** Ledger rows of the stretch have a revision from `revision` to just below `nextRevision`. */
  readonly revision: number
  readonly nextRevision: number
  /** The phase that follows. Undefined for the current stretch. */
  readonly nextPhase: SchedulePhase | undefined
  /** Whether another version of the time-zone data could give other fire times. */
  readonly dependsOnZone: boolean
}

/**
 * The history of a schedule as stretches, oldest first, each ending where the next begins. A stretch that begins before
 * an older one replaces it: an undecide makes a change apply from now that was to apply from a later instant.
 */
export function stretchesOf(timeline: readonly TimelineRow[]): Stretch[] {
  return timeline.map((row, index) => {
    const next = timeline[index + 1]
    return {
      phase: row.phase,
      phaseBy: row.phaseBy,
      definition: row.definition,
      trigger: triggerOf(row.definition.trigger),
      after: row.validFrom,
      until: earliestOf(timeline, index + 1),
      revision: row.revision,
      nextRevision: next?.revision ?? Infinity,
      nextPhase: next?.phase,
      dependsOnZone: dependsOnZone(row.definition.trigger)
    }
  })
}

function earliestOf(timeline: readonly TimelineRow[], start: number): number {
  let earliest = Infinity
  for (let index = start; index < timeline.length; index++) earliest = Math.min(earliest, timeline[index]!.validFrom)
  return earliest
}

/** Only an active or paused schedule has fire times that must be in the ledger. */
export const expectsFires = ({ phase }: Stretch): boolean => phase === 'active' || phase === 'paused'
