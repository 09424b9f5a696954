import { isText } from '../../../core/options/forms.ts'
import { callsOf } from '../../../core/schedule/owners.ts'
import type { FoundSchedule, ScheduleFilter, ScheduleOrder } from '../../../store/finding.ts'
import { datedScheduleCursor, scheduleCursor } from '../../../store/pages/cursors.ts'
import { type HealthRow, healthOf } from '../health-rows.ts'
import { type ReadScheduleRow, scheduleOf } from '../schedule-rows.ts'

/** How a store writes a condition. Values are bound in the order of the text. */
export interface Dialect {
  /** Keeps the value, and returns what stands for it. */
  readonly bind: (value: string | number) => string
  /** A condition: the text has the part in it. */
  readonly contains: (text: string, part: string) => string
}

/**
 * What the filter asks for, as conditions. Task and queue stand in the definition, whose text is searched for them: no
 * index has them, since each decision would pay for it. `isExactly` then looks into what was found.
 */
export function conditionsOf(filter: ScheduleFilter, { bind, contains }: Dialect): string[] {
  const { phase, task, queue, app, isOrphaned, isFailing, dueBefore } = filter
  const conditions = [phaseCondition(phase)]
  if (isOrphaned === true) conditions.push(IS_ORPHANED)
  if (isFailing === true) conditions.push('failures > 0')
  if (dueBefore !== undefined) conditions.push(`${HAS_NEXT} AND next_fire_at < ${bind(dueBefore)}`)
  if (app !== undefined) conditions.push(`app IN (${bind(app)}, ${bind(callsOf(app))})`)
  for (const [name, value] of Object.entries({ task, queue }))
    if (value !== undefined) conditions.push(contains('definition', bind(memberText(name, value))))
  return conditions
}

/** An index of either store has this condition. */
const IS_ORPHANED = "(orphaned_at IS NOT NULL OR phase_by = 'orphans')"
export const HAS_NEXT = "phase = 'active' AND next_fire_at IS NOT NULL"

function phaseCondition(phase: ScheduleFilter['phase']): string {
  if (phase === undefined) return "phase <> 'removed'"
  if (phase === 'active') return HAS_NEXT
  const phases = phase === 'ended' ? "'ended', 'active'" : `'${phase}'`
  return `next_fire_at IS NULL AND phase IN (${phases})`
}

/** Only those that will not fire by themselves: there is an index of them. */
export const isResting = ({ phase }: ScheduleFilter): boolean => phase !== undefined && phase !== 'active'

const memberText = (name: string, value: string): string => `"${name}":${JSON.stringify(value)}`

/** Whether the filter has a text that no row has, and that PostgreSQL refuses. */
export const isVain = ({ task, queue, app, idPart }: ScheduleFilter): boolean =>
  [task, queue, app, idPart].some(text => text !== undefined && !isText(text))

/** Whether what was found has the task and the queue at the right place, and not in its payload. */
export const isExactly = ({ task, queue }: ScheduleFilter, { state: { definition } }: FoundSchedule): boolean =>
  (task === undefined || definition.task === task) && (queue === undefined || definition.queue === queue)

/** Whether the filter may leave out so many that filling a page would take long. */
export const isSelective = ({ phase, task, queue, app, dueBefore, idPart }: ScheduleFilter): boolean =>
  phase === 'active' || [task, queue, app, dueBefore, idPart].some(part => part !== undefined)

/** A to Z as small letters; both databases do no more. */
export const lowered = (text: string): string => text.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())

/** By what a list is ordered: the columns, and the values of a cursor. */
export interface Keys {
  readonly columns: readonly string[]
  readonly valuesIn: (cursor: string | undefined) => readonly (string | number)[] | undefined
}

const datedValues = (cursor: string | undefined): readonly (string | number)[] | undefined => {
  const key = datedScheduleCursor(cursor)
  return key === undefined ? undefined : [key.at, key.id]
}

export const keysOf: Readonly<Record<ScheduleOrder, Keys>> = {
  id: {
    columns: ['id'],
    valuesIn: cursor => {
      const id = scheduleCursor(cursor)
      return id === undefined ? undefined : [id]
    }
  },
  nextFireAt: {
    columns: ['next_fire_at', 'id'],
    valuesIn: datedValues
  },
  lastSuccessAt: {
    columns: ['last_success_at', 'schedule_id'],
    valuesIn: datedValues
  }
}

/** A schedule with its health; the columns of that are null if there is none. */
export type FoundRow = readonly [...schedule: ReadScheduleRow, ...health: HealthRow | readonly [null]]

const HEALTH_AT = 18

export function foundOf(row: FoundRow): FoundSchedule {
  const health = row.slice(HEALTH_AT) as unknown as HealthRow | readonly [null]
  const schedule = row.slice(0, HEALTH_AT) as unknown as ReadScheduleRow
  return { ...scheduleOf(schedule), health: health[0] === null ? undefined : healthOf(health) }
}
