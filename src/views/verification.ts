import type { ScheduleState, TimelineRow } from '../core/schedule/schedule.ts'
import { ScheduleVerifier } from '../core/verify/verify.ts'
import { isDecidedAhead, isSound, type ScheduleVerification } from '../core/verify/verify-counts.ts'
import { timezoneData } from '../core/trigger/timezone-data.ts'
import { allPages } from '../store/pages/all-pages.ts'
import type { Store } from '../store/store.ts'
import { allSchedules } from './all-schedules.ts'

export interface VerifiedRange {
  /** Undefined: from the beginning of the books. */
  readonly from: number | undefined
  /** Undefined: now. */
  readonly to: number | undefined
}

export interface VerifiedBooks {
  readonly from: number
  readonly to: number
  /** In the order of their ids. Removed ones only if they had fire times in the range. */
  readonly schedules: readonly ScheduleVerification[]
  /** Whether this release cannot read the definition of some schedule. */
  readonly hasUnreadable: boolean
}

/** Whether the fire times of a schedule are all right. */
export const isInOrder = (verification: ScheduleVerification): boolean =>
  isSound(verification) && !isDecidedAhead(verification)

export const areInOrder = ({ schedules, hasUnreadable }: VerifiedBooks): boolean =>
  schedules.every(isInOrder) && !hasUnreadable

const ROWS_AT_ONCE = 1_000
/** A schedule that changes while it is read is read again, at most this many times in all. */
const MAX_READINGS = 5

/** Verifies every schedule in the books, including removed ones. Reads the ledger in pages, while others write. */
export async function verifyBooks(store: Store, range: VerifiedRange): Promise<VerifiedBooks> {
  const schedules: ScheduleVerification[] = []
  let hasUnreadable = false
  let earliest = Infinity
  for await (const { state } of allSchedules(store, { includeRemoved: true })) {
    const { verification, beginsAt, isReadable } = await verifySchedule(store, state.id, range)
    earliest = Math.min(earliest, beginsAt)
    hasUnreadable ||= !isReadable
    if (state.phase !== 'removed' || verification.expected > 0 || verification.double > 0) schedules.push(verification)
  }
  const to = range.to ?? (await store.now())
  return { from: range.from ?? Math.min(earliest, to), to, schedules, hasUnreadable }
}

interface Verified {
  readonly verification: ScheduleVerification
  readonly beginsAt: number
  readonly isReadable: boolean
}

async function verifySchedule(store: Store, id: string, range: VerifiedRange): Promise<Verified> {
  for (let reading = 1; ; reading++) {
    const before = await readBefore(store, id)
    const verified = await verifyOnce(store, { ...before, id, range })
    if (reading === MAX_READINGS || !(await hasChanged(store, id, before))) return verified
  }
}

interface BooksBefore {
  readonly now: number
  readonly state: ScheduleState | undefined
  readonly timeline: readonly TimelineRow[]
  readonly prunedUntil: number | undefined
}

/** State and timeline are read before the ledger, so that everything they call decided is found there. */
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

async function verifyOnce(store: Store, books: BooksBefore & { id: string; range: VerifiedRange }): Promise<Verified> {
  const { id, range, now, state, timeline, prunedUntil } = books
  const beginsAt = Math.min(...timeline.map(({ validFrom }) => validFrom), Infinity)
  const from = range.from ?? 0
  const until = Math.min(range.to ?? now, now)
  const decidedUntil = state?.decidedUntil ?? 0
  let verifier: ScheduleVerifier
  try {
    verifier = new ScheduleVerifier({ id, timeline, decidedUntil, from, until, now, prunedUntil, timezoneData })
  } catch (error) {
    return { verification: unreadable(id, error), beginsAt, isReadable: false }
  }
  const rows = allPages(cursor => store.listLedger({ scheduleId: id, from, until }, { limit: ROWS_AT_ONCE, cursor }))
  for await (const row of rows) verifier.add(row)
  return { verification: verifier.finish(), beginsAt, isReadable: true }
}

/** Another release wrote it. This one cannot verify it, and must not call it in order. */
function unreadable(id: string, error: unknown): ScheduleVerification {
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
