import { allPages } from '../store/all-pages.ts'
import type { ScheduleState, TimelineRow } from '../core/schedule.ts'
import { ScheduleVerifier } from '../core/verify.ts'
import type { ScheduleAudit } from '../core/verify-counts.ts'
import { timezoneData } from '../core/timezone-data.ts'
import type { Store } from '../store/store.ts'

export interface AuditRange {
  /** Undefined: from the beginning of the books. */
  readonly from: number | undefined
  /** Undefined: now. */
  readonly to: number | undefined
}

export interface AuditedBooks {
  readonly from: number
  readonly to: number
  /** In the order of their ids; removed ones only when they had fire times in the range. */
  readonly schedules: readonly ScheduleAudit[]
  /** Whether the definition of a schedule is none that this release can read. */
  readonly hasUnreadable: boolean
}

const SCHEDULES_AT_ONCE = 500
const ROWS_AT_ONCE = 1_000
/** A schedule that is changed while it is read is read again, this often at most. */
const MAX_READINGS = 5

/** Verifies every schedule in the books, removed ones included. The ledger is read page by page, while others write on. */
export async function auditBooks(store: Store, range: AuditRange): Promise<AuditedBooks> {
  const schedules: ScheduleAudit[] = []
  let hasUnreadable = false
  let earliest = Infinity
  const listed = allPages(cursor => store.listSchedules({ limit: SCHEDULES_AT_ONCE, cursor, includeRemoved: true }))
  for await (const { state } of listed) {
    const { audit, beginsAt, isReadable } = await auditSchedule(store, state.id, range)
    earliest = Math.min(earliest, beginsAt)
    hasUnreadable ||= !isReadable
    if (state.phase !== 'removed' || audit.expected > 0 || audit.double > 0) schedules.push(audit)
  }
  const to = range.to ?? (await store.now())
  return { from: range.from ?? Math.min(earliest, to), to, schedules, hasUnreadable }
}

interface Audited {
  readonly audit: ScheduleAudit
  readonly beginsAt: number
  readonly isReadable: boolean
}

async function auditSchedule(store: Store, id: string, range: AuditRange): Promise<Audited> {
  for (let reading = 1; ; reading++) {
    const before = await readBefore(store, id)
    const audited = await auditOnce(store, { ...before, id, range })
    if (reading === MAX_READINGS || !(await hasChanged(store, id, before))) return audited
  }
}

interface BooksBefore {
  readonly now: number
  readonly state: ScheduleState | undefined
  readonly timeline: readonly TimelineRow[]
  readonly prunedUntil: number | undefined
}

/** State and timeline go before the ledger, so that whatever they say was decided is found there. */
async function readBefore(store: Store, id: string): Promise<BooksBefore> {
  const { now, schedules } = await store.readSchedules([id])
  return {
    now,
    state: schedules[0]?.state,
    timeline: await store.readTimeline(id),
    prunedUntil: await store.ledgerPrunedUntil()
  }
}

async function hasChanged(store: Store, id: string, before: BooksBefore): Promise<boolean> {
  const timeline = await store.readTimeline(id)
  return timeline.length !== before.timeline.length || (await store.ledgerPrunedUntil()) !== before.prunedUntil
}

async function auditOnce(store: Store, books: BooksBefore & { id: string; range: AuditRange }): Promise<Audited> {
  const { id, range, now, state, timeline, prunedUntil } = books
  const beginsAt = Math.min(...timeline.map(({ validFrom }) => validFrom), Infinity)
  const from = range.from ?? 0
  const until = Math.min(range.to ?? now, now)
  const decidedUntil = state?.decidedUntil ?? 0
  let verifier: ScheduleVerifier
  try {
    verifier = new ScheduleVerifier({ id, timeline, decidedUntil, from, until, now, prunedUntil, timezoneData })
  } catch (error) {
    return { audit: unreadable(id, error), beginsAt, isReadable: false }
  }
  const rows = allPages(cursor => store.listLedger({ scheduleId: id, from, until }, { limit: ROWS_AT_ONCE, cursor }))
  for await (const row of rows) verifier.add(row)
  return { audit: verifier.finish(), beginsAt, isReadable: true }
}

/** Another release wrote it: this one can claim nothing of it, and must not call it in order. */
function unreadable(id: string, error: unknown): ScheduleAudit {
  const outcomes = { fired: 0, coalesced: 0, misfired: 0, overlapped: 0, paused: 0, orphaned: 0, excluded: 0 }
  const why = error instanceof Error ? error.message : String(error)
  return {
    id,
    expected: 0,
    ...outcomes,
    pending: 0,
    double: 0,
    missing: 0,
    notes: [`Its definition cannot be read by this release: ${why}`]
  }
}
