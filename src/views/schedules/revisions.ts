import type { ScheduleDefinition, TimelineRow } from '../../core/schedule/schedule.ts'
import { unknownSchedule } from '../../core/schedule/schedule.ts'
import type { Store } from '../../store/store.ts'
import type { HistoryView } from '../schedule.ts'

/** A member of a definition that a revision has changed. Undefined: it was not there. */
export interface MemberChange {
  readonly member: string
  readonly before: unknown
  readonly after: unknown
}

/** A stretch of a schedule's history with its definition, and what it has changed. Payloads are left out. */
export interface RevisionView extends HistoryView {
  readonly definition: Omit<ScheduleDefinition, 'payload'>
  readonly differences: readonly MemberChange[]
  readonly isPayloadChanged: boolean
}

const MAX_REVISIONS = 200

/**
 * Newest first, the newest 200.
 *
 * @throws EscapementError `schedule-unknown`
 */
export async function readRevisions(
  store: Store,
  id: string
): Promise<{ readonly items: readonly RevisionView[]; readonly isMore: boolean }> {
  const timeline = await store.readTimeline(id)
  if (timeline.length === 0) throw unknownSchedule(id)
  const shown = timeline.slice(-MAX_REVISIONS)
  const before = timeline.at(-MAX_REVISIONS - 1)
  const items = shown.map((row, at) => revisionOf(row, at === 0 ? before : shown[at - 1])).toReversed()
  return { items, isMore: before !== undefined }
}

function revisionOf(row: TimelineRow, earlier: TimelineRow | undefined): RevisionView {
  const { revision, phase, phaseBy, validFrom, release } = row
  const { payload, ...definition } = row.definition
  return {
    revision,
    phase,
    phaseBy,
    validFrom,
    release,
    definition,
    differences: earlier === undefined ? [] : differencesOf(withoutPayload(earlier.definition), definition),
    isPayloadChanged: earlier !== undefined && !isSame(earlier.definition.payload, payload)
  }
}

type Shown = RevisionView['definition']

function withoutPayload({ payload: _payload, ...shown }: ScheduleDefinition): Shown {
  return shown
}

function differencesOf(earlier: Shown, later: Shown): MemberChange[] {
  const [before, after]: readonly Readonly<Record<string, unknown>>[] = [earlier, later]
  const members = [...new Set([...Object.keys(before!), ...Object.keys(after!)])]
  return members
    .filter(member => !isSame(before![member], after![member]))
    .map(member => ({ member, before: before![member], after: after![member] }))
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
