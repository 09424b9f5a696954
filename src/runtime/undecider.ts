import { allPages } from '../store/all-pages.ts'
import type { LedgerRow } from '../core/ledger.ts'
import { AHEAD_TOLERANCE_MS, undecide, type Undecision } from '../core/undecide.ts'
import type { ReadSchedule, ScheduleWrite } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './emitter.ts'

const SCHEDULES_AT_ONCE = 100
const ROWS_AT_ONCE = 1_000

export interface UndeciderOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  readonly nodeId: () => string
}

/**
 * Takes back what was decided ahead of now, of every schedule. `isAll`: nothing of it is left, as far as this release can
 * read the schedules; else others write them at the same time, and it is worth another look.
 */
export async function undecideAhead(options: UndeciderOptions): Promise<{ written: number; isAll: boolean }> {
  const { store } = options
  let written = 0
  for (;;) {
    const { now, schedules } = await store.aheadSchedules(AHEAD_TOLERANCE_MS, SCHEDULES_AT_ONCE)
    const planned = await planAll(schedules, now, options)
    const answers = await store.writeSchedules(planned.map(({ write }) => write))
    const done = planned.filter((_, index) => answers[index] === 'written')
    for (const { read, undecision } of done) tell(read, undecision, options.events)
    written += done.length
    if (schedules.length < SCHEDULES_AT_ONCE || done.length === 0)
      return { written, isAll: done.length === planned.length }
  }
}

interface Planned {
  readonly read: ReadSchedule
  readonly undecision: Undecision
  readonly write: ScheduleWrite
}

async function planAll(
  schedules: readonly ReadSchedule[],
  now: number,
  { store, timezoneData, nodeId }: UndeciderOptions
): Promise<Planned[]> {
  const planned: Planned[] = []
  for (const read of schedules) {
    const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
    try {
      planned.push(await planUndecision(store, read, context))
    } catch {
      // Another release wrote its trigger: deciding says so.
    }
  }
  return planned
}

/** The write that undecides one schedule. What it has read of the ledger stands as long as the schedule does (rule 1). */
export async function planUndecision(
  store: Store,
  read: ReadSchedule,
  context: Parameters<typeof undecide>[1]
): Promise<Planned> {
  const { state } = read
  const rows = await rowsAfter(store, state.id, context.now)
  const timeline = await store.readTimeline(state.id)
  const undecision = undecide({ state, rows, timeline }, context)
  const { ledger, takesBackAfter } = undecision
  const write = {
    guard: state,
    state: undecision.state,
    ledger,
    takesBackAfter,
    jobs: [],
    timeline: undecision.timeline
  }
  return { read, undecision, write }
}

async function rowsAfter(store: Store, scheduleId: string, now: number): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = []
  const range = { scheduleId, from: now + 1, until: Number.MAX_SAFE_INTEGER }
  for await (const row of allPages(cursor => store.listLedger(range, { limit: ROWS_AT_ONCE, cursor }))) rows.push(row)
  return rows
}

function tell({ state }: ReadSchedule, { undecided, stayFired, state: after }: Undecision, events: Emitter): void {
  events.emit('schedule.undecided', {
    scheduleId: state.id,
    decidedUntil: Math.max(state.decidedUntil, state.validFrom),
    undecided,
    stayFired,
    nextFireAt: after.nextFireAt
  })
}
