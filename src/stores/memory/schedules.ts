import { countsOfDecisions } from '../../core/counts/total.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import type { ScheduleState, TimelineRow } from '../../core/schedule/schedule.ts'
import type { AppRecord, ReadSchedule, Registration, ScheduleGuard, ScheduleWrite } from '../../store/schedules.ts'
import type { MemoryBooks } from './books.ts'
import { addToTotal } from './counts/totals.ts'
import { createdJob, jobUnderKey, putJob, uniqueKeyOf } from './jobs/job-rows.ts'
import { compareTexts, SortedList } from './sorted-list.ts'

export const writeSchedules = (
  books: MemoryBooks,
  writes: readonly ScheduleWrite[],
  now: number
): ('written' | 'conflict')[] => writes.map(write => writeOne(books, write, now))

/** Checks everything before it writes anything, so that a conflict needs no undo. */
function writeOne(books: MemoryBooks, write: ScheduleWrite, now: number): 'written' | 'conflict' {
  const before = books.schedules.get(write.state.id)
  if (
    !guardHolds(before, write.guard) ||
    !markIsKnown(before, write) ||
    !ledgerHasRoom(books, write) ||
    !jobsHaveRoom(books, write, now)
  )
    return 'conflict'
  putSchedule(books, afterWrite(before, write.state))
  if (write.state.phase === 'removed') books.health.delete(write.state.id)
  const takenBack = write.takesBackAfter === undefined ? [] : takeBack(books, write.state.id, write.takesBackAfter)
  for (const row of write.ledger) putLedgerRow(books, row)
  for (const job of write.jobs) putJob(books, createdJob(job, now))
  for (const row of write.timeline) putTimelineRow(books, row)
  for (const count of countsOfDecisions(write.ledger, takenBack)) addToTotal(books, count)
  return 'written'
}

/** The compare of the compare-and-set (rule 1). */
export function guardHolds(state: ScheduleState | undefined, guard: ScheduleGuard | undefined): boolean {
  if (state === undefined || guard === undefined) return state === guard
  return (
    state.decidedUntil === guard.decidedUntil &&
    state.revision === guard.revision &&
    state.jobsCreated === guard.jobsCreated &&
    state.timezoneData === guard.timezoneData
  )
}

/** Whether the change has read the orphan mark that is there. */
function markIsKnown(before: ScheduleState | undefined, { guard, state }: ScheduleWrite): boolean {
  return before === undefined || before.revision === state.revision || before.orphanedAt === guard?.orphanedAt
}

/** A decision read before a registration must not undo the mark that the registration set: only a change sets it. */
function afterWrite(before: ScheduleState | undefined, state: ScheduleState): ScheduleState {
  const isDecision = before !== undefined && before.revision === state.revision
  return isDecision && before.orphanedAt !== state.orphanedAt ? { ...state, orphanedAt: before.orphanedAt } : state
}

function takeBack(books: MemoryBooks, id: string, after: number): LedgerRow[] {
  const ledger = books.ledgers.get(id)
  const rows = ledger?.items.filter(row => row.lastFireAt > after) ?? []
  for (const row of rows) ledger!.delete(row)
  return rows
}

function ledgerHasRoom(books: MemoryBooks, { ledger, takesBackAfter = Infinity }: ScheduleWrite): boolean {
  return (
    areDistinct(ledger.map(row => `${row.fireAt}\n${row.scheduleId}`)) &&
    !ledger.some(row => isTaken(books, row, takesBackAfter))
  )
}

/** Whether a row with that key is there and stays. */
function isTaken(books: MemoryBooks, row: LedgerRow, takesBackAfter: number): boolean {
  const ledger = books.ledgers.get(row.scheduleId)
  if (ledger?.has(row) !== true) return false
  return ledger.items[ledger.indexOf(row)]!.lastFireAt <= takesBackAfter
}

function jobsHaveRoom(books: MemoryBooks, { jobs }: ScheduleWrite, now: number): boolean {
  return (
    areDistinct(jobs.map(job => job.id)) &&
    areDistinct(jobs.filter(job => job.uniqueKey !== undefined).map(uniqueKeyOf)) &&
    !jobs.some(job => books.jobs.has(job.id) || jobUnderKey(books, job, now) !== undefined)
  )
}

const areDistinct = (keys: readonly string[]): boolean => keys.length < 2 || new Set(keys).size === keys.length

/** Writes a schedule, replacing its row if it had one, and updates the list of due ones. */
export function putSchedule(books: MemoryBooks, state: ScheduleState): void {
  const before = books.schedules.get(state.id)
  if (before !== undefined && isDueSome(before)) books.due.delete(before)
  books.schedules.set(state.id, state)
  if (isDueSome(state)) books.due.add(state)
}

const isDueSome = (state: ScheduleState): boolean => state.phase === 'active' && state.nextFireAt !== undefined

export function putLedgerRow(books: MemoryBooks, row: LedgerRow): void {
  let ledger = books.ledgers.get(row.scheduleId)
  if (ledger === undefined) books.ledgers.set(row.scheduleId, (ledger = new SortedList((a, b) => a.fireAt - b.fireAt)))
  ledger.add(row)
}

export function putTimelineRow(books: MemoryBooks, row: TimelineRow): void {
  let timeline = books.timelines.get(row.scheduleId)
  if (timeline === undefined) books.timelines.set(row.scheduleId, (timeline = []))
  timeline.push(row)
}

export const readSchedule = (books: MemoryBooks, state: ScheduleState): ReadSchedule => ({
  state,
  liveJobs: books.liveJobs.get(state.id) ?? 0
})

export function dueSchedules(
  books: MemoryBooks,
  { limit, skipShare }: { readonly limit: number; readonly skipShare: number },
  now: number
): { now: number; schedules: ReadSchedule[] } {
  const count = books.due.indexOf({ nextFireAt: now + 1, id: '' })
  const start = Math.floor(skipShare * Math.max(0, count - limit))
  const states = books.due.items.slice(start, Math.min(count, start + limit))
  return { now, schedules: states.map(state => readSchedule(books, state)) }
}

export function aheadSchedules(
  books: MemoryBooks,
  { toleranceMs, limit }: { readonly toleranceMs: number; readonly limit: number },
  now: number
): { now: number; schedules: ReadSchedule[] } {
  const states = [...books.schedules.values()].filter(
    state => state.phase !== 'ended' && Math.max(state.decidedUntil, state.validFrom) > now + toleranceMs
  )
  const first = states.sort((a, b) => compareTexts(a.id, b.id)).slice(0, limit)
  return { now, schedules: first.map(state => readSchedule(books, state)) }
}

export function readSchedules(
  books: MemoryBooks,
  ids: readonly string[],
  now: number
): { now: number; schedules: ReadSchedule[] } {
  const states = ids.map(id => books.schedules.get(id)).filter(state => state !== undefined)
  return { now, schedules: states.map(state => readSchedule(books, state)) }
}

export function writeRegistration(
  books: MemoryBooks,
  registration: Registration,
  { ids, marks, now }: { readonly ids: readonly string[] | undefined; readonly marks: boolean; readonly now: number }
): string[] {
  const before = books.registrations.get(registration.app)
  if (before !== undefined && before.release > registration.release) return []
  books.registrations.set(registration.app, registration)
  if (ids === undefined) return []
  const named = new Set(ids)
  const own = [...books.schedules.values()].filter(state => state.app === registration.app && state.phase !== 'removed')
  const orphans = own.filter(state => !named.has(state.id) && state.orphanedAt === undefined)
  const unmarked = marks ? own.filter(state => named.has(state.id) && state.orphanedAt !== undefined) : []
  for (const state of unmarked) putSchedule(books, { ...state, orphanedAt: undefined })
  for (const state of marks ? orphans : []) putSchedule(books, { ...state, orphanedAt: now })
  return orphans.map(state => state.id).sort(compareTexts)
}

export function schedulesUnderOtherZoneData(
  books: MemoryBooks,
  timezoneData: string,
  { afterId, limit }: { readonly afterId: string; readonly limit: number }
): ReadSchedule[] {
  const isUnderOther = (state: ScheduleState): boolean =>
    state.phase === 'active' && state.timezoneData !== undefined && state.timezoneData !== timezoneData
  return [...books.schedules.values()]
    .filter(state => compareTexts(state.id, afterId) > 0 && isUnderOther(state))
    .sort((a, b) => compareTexts(a.id, b.id))
    .slice(0, limit)
    .map(state => readSchedule(books, state))
}

export function readApp(books: MemoryBooks, app: string, hash: string): AppRecord {
  const knowsSet = books.sets.get(`${app}\n${hash}`)?.members !== undefined
  return { registration: books.registrations.get(app), knowsSet, hasAside: asideOf(books, app).length > 0 }
}

/** Schedules that are not as their code wants them. */
export const asideOf = (books: MemoryBooks, app: string): ScheduleState[] =>
  [...books.schedules.values()].filter(
    state =>
      state.app === app && (state.orphanedAt !== undefined || state.phase === 'removed' || state.phaseBy === 'orphans')
  )
