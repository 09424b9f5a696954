// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiExplanation, ApiLedgerRow, ApiListedSchedule } from '../shapes/shapes.ts'
import type { ApiFoundSchedule, ApiRevision, ApiScheduleDetails, ApiUnfiredRow } from '../shapes/schedules.ts'
import type { ApiPreview } from '../shapes/work.ts'

/** Schedules with their health and, if asked for, their last decisions. Takes the role viewer. */
export interface ListSchedulesCall {
  readonly request: {
    readonly limit?: number | undefined
    readonly cursor?: string | undefined
    readonly phase?: 'active' | 'paused' | 'ended' | 'removed' | undefined
    readonly health?:
      | 'fine'
      | 'removed'
      | 'paused'
      | 'orphaned'
      | 'overdue'
      | 'failing'
      | 'late'
      | 'stale'
      | 'ended'
      | 'no-next-fire'
      | undefined
    readonly task?: string | undefined
    readonly app?: string | undefined
    readonly queue?: string | undefined
    readonly orphaned?: 'true' | undefined
    readonly overdue?: 'true' | undefined
    readonly q?: string | undefined
    readonly sort?: 'id' | 'nextFireAt' | 'lastSuccessAt' | undefined
    readonly strip?: number | undefined
  }
  readonly response: {
    readonly items: readonly ApiFoundSchedule[]
    readonly cursor: string | null
    readonly complete: boolean
    readonly searchedUntil: string | null
  }
}

/** A schedule with its definition, its next fire times and its history. Takes the role viewer. */
export interface GetScheduleCall {
  readonly request: { readonly id: string }
  readonly response: ApiScheduleDetails
}

/** Create one that belongs to no code, or give it another definition. Takes the role admin. */
export interface PutScheduleCall {
  readonly request: {
    readonly id: string
    readonly reason?: string | undefined
    readonly task: string
    readonly trigger: { readonly kind: string; readonly [name: string]: unknown }
    readonly payload?: unknown
    readonly queue?: string | undefined
    readonly priority?: number | undefined
    readonly misfireGrace?: number | string | undefined
    readonly coalesce?: 'latest' | 'earliest' | 'all' | undefined
    readonly coalesceCap?: number | undefined
    readonly overlap?: 'skip' | 'allow' | undefined
    readonly maxInstances?: number | undefined
    readonly maxFires?: number | undefined
    readonly spread?: number | string | undefined
  }
  readonly response: {
    readonly id: string
    readonly task: string
    readonly phase: 'active' | 'paused' | 'ended' | 'removed'
    readonly phaseBy: 'operator' | 'for-good' | 'orphans' | null
    readonly when: string
    readonly trigger: { readonly kind: string }
    readonly nextFireAt: string | null
    readonly lastJobCreatedAt: string | null
    readonly pausedAt: string | null
    readonly pauseNote: string | null
    readonly liveJobs: number
    readonly fires: number
    readonly app: string
    readonly owner: 'code' | 'calls'
    readonly release: number
    readonly orphanedAt: string | null
    readonly health: {
      readonly word:
        | 'fine'
        | 'removed'
        | 'paused'
        | 'orphaned'
        | 'overdue'
        | 'failing'
        | 'late'
        | 'stale'
        | 'ended'
        | 'no-next-fire'
      readonly reason: string | null
    }
    readonly lastFinishedAt: string | null
    readonly lastSuccessAt: string | null
    readonly lastDurationMs: number | null
    readonly revision: number
    readonly validFrom: string
    readonly decidedUntil: string
    readonly jobsCreated: number
    readonly definition: { readonly task: string; readonly trigger: { readonly kind: string } }
    readonly next: readonly {
      readonly at: string
      readonly local: string
      readonly offset: string
      readonly transition: 'gap' | 'overlap' | null
    }[]
    readonly history: readonly {
      readonly revision: number
      readonly phase: 'active' | 'paused' | 'ended' | 'removed'
      readonly phaseBy: 'operator' | 'for-good' | 'orphans' | null
      readonly validFrom: string
      readonly release: number
    }[]
    readonly outcome: 'created' | 'changed' | 'unchanged'
  }
}

/** Change what is given of one that belongs to no code, and nothing else. Takes the role admin. */
export interface UpdateScheduleCall {
  readonly request: {
    readonly id: string
    readonly reason?: string | undefined
    readonly payload?: unknown
    readonly queue?: string | undefined
    readonly priority?: number | undefined
    readonly misfireGrace?: number | string | null | undefined
    readonly coalesce?: 'latest' | 'earliest' | 'all' | undefined
    readonly coalesceCap?: number | undefined
    readonly overlap?: 'skip' | 'allow' | undefined
    readonly maxInstances?: number | undefined
    readonly maxFires?: number | null | undefined
    readonly spread?: number | string | undefined
    readonly trigger?: { readonly kind: string; readonly [name: string]: unknown } | undefined
  }
  readonly response: ApiScheduleDetails
}

/** Let it fire no more; its history stays, and it can be restored. Takes the role admin. */
export interface RemoveScheduleCall {
  readonly request: {
    readonly id: string
    readonly reason?: string | undefined
    readonly forGood?: boolean | undefined
  }
  readonly response: { readonly id: string }
}

/** Bring back one that was removed, as it was. Takes the role admin. */
export interface RestoreScheduleCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: ApiListedSchedule
}

/** What happened to its fire times, in their order. Takes the role viewer. */
export interface ListLedgerCall {
  readonly request: {
    readonly id: string
    readonly limit?: number | undefined
    readonly cursor?: string | undefined
    readonly from?: string | Date | undefined
    readonly until?: string | Date | undefined
  }
  readonly response: { readonly items: readonly ApiLedgerRow[]; readonly cursor: string | null }
}

/** Its definitions, newest first, with what each has changed. Takes the role viewer. */
export interface ListRevisionsCall {
  readonly request: { readonly id: string }
  readonly response: { readonly items: readonly ApiRevision[]; readonly isMore: boolean }
}

/** Why it did, or did not, run at an instant; by default at its latest fire time. Takes the role viewer. */
export interface ExplainCall {
  readonly request: { readonly id: string; readonly at?: string | Date | undefined }
  readonly response: ApiExplanation
}

/** Fire times of all schedules that created no job, the last decision first. Takes the role viewer. */
export interface ListUnfiredCall {
  readonly request: {
    readonly limit?: number | undefined
    readonly cursor?: string | undefined
    readonly from?: string | Date | undefined
    readonly until?: string | Date | undefined
    readonly outcome?: 'coalesced' | 'misfired' | 'overlapped' | 'paused' | 'orphaned' | 'excluded' | undefined
  }
  readonly response: {
    readonly items: readonly ApiUnfiredRow[]
    readonly cursor: string | null
    readonly complete: boolean
    readonly searchedUntil: string | null
  }
}

/** Fire times that a trigger would have. Takes the role viewer. */
export interface PreviewTriggerCall {
  readonly request: {
    readonly trigger: string
    readonly count?: number | undefined
    readonly from?: string | Date | undefined
    readonly timezone?: string | undefined
  }
  readonly response: ApiPreview
}

/** Let nothing fire until it is resumed. Takes the role operator. */
export interface PauseScheduleCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined; readonly note?: string | undefined }
  readonly response: ApiListedSchedule
}

/** Let it fire again, from now on. Takes the role operator. */
export interface ResumeScheduleCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: ApiListedSchedule
}

/** Create one job now, in addition to the fire times. Takes the role operator. */
export interface RunScheduleCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: { readonly jobId: string }
}

export const schedulesRoutes = {
  listSchedules: ['GET', '/scheduler/schedules'],
  getSchedule: ['GET', '/scheduler/schedules/{id}'],
  putSchedule: ['PUT', '/scheduler/schedules/{id}', 'body'],
  updateSchedule: ['PATCH', '/scheduler/schedules/{id}', 'body'],
  removeSchedule: ['DELETE', '/scheduler/schedules/{id}', 'body'],
  restoreSchedule: ['POST', '/scheduler/schedules/{id}/restore', 'body'],
  listLedger: ['GET', '/scheduler/schedules/{id}/ledger'],
  listRevisions: ['GET', '/scheduler/schedules/{id}/history'],
  explain: ['GET', '/scheduler/schedules/{id}/explain'],
  listUnfired: ['GET', '/scheduler/ledger'],
  previewTrigger: ['GET', '/scheduler/triggers/preview'],
  pauseSchedule: ['POST', '/scheduler/schedules/{id}/pause', 'body'],
  resumeSchedule: ['POST', '/scheduler/schedules/{id}/resume', 'body'],
  runSchedule: ['POST', '/scheduler/schedules/{id}/run', 'body']
} as const satisfies Routes
