import type { HealthVerdict } from '../core/counts/health-word.ts'
import { ownerOf } from '../core/schedule/owners.ts'
import {
  type PhaseBy,
  type ScheduleDefinition,
  type SchedulePhase,
  shownPhase,
  unknownSchedule
} from '../core/schedule/schedule.ts'
import type { JsonValue } from '../core/options/json.ts'
import { redact } from '../core/payload/redact.ts'
import type { TriggerJson } from '../core/trigger/trigger.ts'
import type { ReadSchedule } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { readScheduleHealth } from './health.ts'
import { fireViewsFrom, type FireView } from './fires/fires.ts'
import { type OpenWith, shownPayload } from './job.ts'
import { readRedactions } from './redactions.ts'
import { triggerInWords } from './trigger-words.ts'

/** A schedule as lists show it. */
export interface ScheduleSummary {
  readonly id: string
  readonly task: string
  /** `ended` also if the trigger has no future fire time. */
  readonly phase: SchedulePhase
  readonly phaseBy: PhaseBy | undefined
  /** The trigger in a few words. */
  readonly when: string
  readonly trigger: TriggerJson
  readonly nextFireAt: number | undefined
  readonly lastJobCreatedAt: number | undefined
  readonly pausedAt: number | undefined
  /** Why a person has paused it. */
  readonly pauseNote: string | undefined
  /** Its unfinished jobs. */
  readonly liveJobs: number
  readonly fires: number
  readonly app: string
  /** What of the app owns it: its code, which names it, or its calls, which put it there. */
  readonly owner: 'code' | 'calls'
  readonly release: number
  readonly orphanedAt: number | undefined
}

export function summarize({ state, liveJobs }: ReadSchedule): ScheduleSummary {
  const { id, phase, phaseBy, definition, validFrom, nextFireAt, lastJobCreatedAt, fires, release } = state
  const { app, by: owner } = ownerOf(state.app)
  return {
    id,
    task: definition.task,
    phase: shownPhase(state),
    phaseBy,
    when: triggerInWords(definition.trigger),
    trigger: definition.trigger,
    nextFireAt,
    lastJobCreatedAt,
    pausedAt: phase === 'paused' ? validFrom : undefined,
    pauseNote: state.pauseNote,
    liveJobs,
    fires,
    app,
    owner,
    release,
    orphanedAt: state.orphanedAt
  }
}

/** A schedule as it is shown alone: with its definition, its next fire times, and its history. */
export interface ScheduleDetails extends ScheduleSummary {
  readonly revision: number
  readonly validFrom: number
  readonly decidedUntil: number
  readonly jobsCreated: number
  /** How it is, in words. */
  readonly health: HealthVerdict
  /** When a job of it finished last, in any way. */
  readonly lastFinishedAt: number | undefined
  /** When a job of it completed last. */
  readonly lastSuccessAt: number | undefined
  /** How long its last completed attempt took. */
  readonly lastDurationMs: number | undefined
  readonly definition: ScheduleDefinition
  readonly next: readonly FireView[]
  readonly history: readonly HistoryView[]
}

/** A definition with its payload as it is shown. */
export const shownDefinition = (definition: ScheduleDefinition, open?: OpenWith): ScheduleDefinition => ({
  ...definition,
  payload: shownPayload(definition.payload, open) as JsonValue
})

/** A stretch of the history. It applies to fire times later than `validFrom`. */
export interface HistoryView {
  readonly revision: number
  readonly phase: SchedulePhase
  readonly phaseBy: PhaseBy | undefined
  readonly validFrom: number
  readonly release: number
}

const FIRES_SHOWN = 5

/** @throws EscapementError `schedule-unknown` */
export async function readScheduleDetails(store: Store, id: string): Promise<ScheduleDetails> {
  const { now, schedules } = await store.readSchedules([id])
  const read = schedules[0]
  if (read === undefined) throw unknownSchedule(id)
  const timeline = await store.readTimeline(id)
  const history = timeline.map(({ revision, phase, phaseBy, validFrom, release }) => ({
    revision,
    phase,
    phaseBy,
    validFrom,
    release
  }))
  const { definition, revision, validFrom, decidedUntil, jobsCreated, nextFireAt } = read.state
  const { payload, ...rest } = shownDefinition(definition)
  const paths = (await readRedactions(store)).get(definition.task) ?? []
  const shown = { ...rest, payload: redact(payload, paths) as JsonValue }
  const next = fireViewsFrom(definition.trigger, nextFireAt, { count: FIRES_SHOWN, fallbackZone: 'UTC' })
  return {
    ...summarize(read),
    revision,
    validFrom,
    decidedUntil,
    jobsCreated,
    ...(await readScheduleHealth(store, read, now)),
    definition: shown,
    next,
    history
  }
}
