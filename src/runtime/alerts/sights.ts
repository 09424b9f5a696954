import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Incident } from '../../core/alerts/incident.ts'
import type { DiscardSight, FireEnd, ScheduleSight, StartlessJob } from '../../core/alerts/rules/books-seen.ts'
import type { AlertRule } from '../../core/alerts/rule.ts'
import type { LedgerRow } from '../../core/schedule/ledger.ts'
import type { JobEnd } from '../../store/reading.ts'
import type { ReadSchedule } from '../../store/schedules.ts'
import type { Store } from '../../store/store.ts'

/** So many schedules are looked at closely in a pass. Those with an open incident come first. */
const MOST_SIGHTS = 500
/** So many decisions of each: enough for `startWithin` of a schedule of every second. */
const ROWS = 100
/** At a time: their jobs are at most as many as one read takes. */
const AT_ONCE = 10
/** The newest run, and the 20 with which it is compared. */
const RUNS = 21

/** Which schedules may be in trouble. */
export interface Candidates {
  readonly open: readonly Incident[]
  readonly missed: readonly string[]
  readonly discards: readonly DiscardSight[]
  readonly startless: readonly StartlessJob[]
  readonly due: readonly string[]
  /** Those of the settings. */
  readonly named: readonly string[]
}

const ofSchedules: ReadonlySet<AlertRule> = new Set(['not-started', 'missed', 'stale', 'failed', 'too-short'])

function idsIn({ open, missed, discards, startless, due, named }: Candidates): string[] {
  const withIncident = open.filter(({ rule }) => ofSchedules.has(rule)).map(({ subject }) => subject)
  const failing = discards.flatMap(({ scheduleId }) => scheduleId ?? [])
  return [
    ...new Set([...withIncident, ...named, ...failing, ...missed, ...startless.map(job => job.scheduleId), ...due])
  ]
}

export async function sightsOf(
  store: Store,
  candidates: Candidates
): Promise<{ readonly sights: readonly ScheduleSight[]; readonly isAll: boolean }> {
  const ids = idsIn(candidates)
  const looked = ids.slice(0, MOST_SIGHTS)
  const named = new Set(candidates.named)
  const sights: ScheduleSight[] = []
  for (let start = 0; start < looked.length; start += AT_ONCE) {
    const { schedules } = await store.readSchedules(looked.slice(start, start + AT_ONCE))
    sights.push(...(await lookAt(store, schedules, named)))
    // SQLite reads within the turn: 500 schedules would hold the event loop for a tenth of a second.
    await nextTurn()
  }
  return { sights, isAll: ids.length <= MOST_SIGHTS }
}

async function lookAt(
  store: Store,
  schedules: readonly ReadSchedule[],
  named: ReadonlySet<string>
): Promise<ScheduleSight[]> {
  const ledgers = await Promise.all(schedules.map(({ state }) => store.latestLedger(state.id, ROWS)))
  const jobIds = ledgers.flat().flatMap(({ jobId }) => jobId ?? [])
  const ends = new Map((await store.readEnds(jobIds)).map(end => [end.id, fireEndOf(end)]))
  return Promise.all(
    schedules.map(async ({ state }, index) => {
      const keepsRuns = named.has(state.id) && state.definition.keepMs > 0
      const runs = keepsRuns ? await runsOf(store, state.id) : { durations: [], lastEndedAt: undefined }
      return { state, rows: ledgers[index]!, ends: endsOf(ledgers[index]!, ends), ...runs }
    })
  )
}

function fireEndOf({ state }: JobEnd): FireEnd {
  if (state === 'completed') return 'succeeded'
  if (state === 'discarded') return 'failed'
  return state ?? 'unfinished'
}

const endsOf = (rows: readonly LedgerRow[], ends: ReadonlyMap<string, FireEnd>): Map<string, FireEnd> =>
  new Map(rows.flatMap(({ jobId }) => (jobId === undefined ? [] : [[jobId, ends.get(jobId) ?? 'dropped'] as const])))

async function runsOf(store: Store, scheduleId: string): Promise<Pick<ScheduleSight, 'durations' | 'lastEndedAt'>> {
  const { items } = await store.listJobs({ scheduleId, state: 'completed' }, { limit: RUNS })
  const ended = items.filter(({ claimedAt, finishedAt }) => claimedAt !== undefined && finishedAt !== undefined)
  const durations = ended.map(({ claimedAt, finishedAt }) => finishedAt! - claimedAt!)
  return { durations, lastEndedAt: ended[0]?.finishedAt }
}
