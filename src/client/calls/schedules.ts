// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiExplanation, ApiLedgerRow, ApiListedSchedule, ApiScheduleDetails } from '../shapes/shapes.ts'

/** Schedules, in the order of their ids. Takes the role viewer. */
export interface ListSchedulesCall {
  readonly request: { readonly limit?: number | undefined; readonly cursor?: string | undefined }
  readonly response: { readonly items: readonly ApiListedSchedule[]; readonly cursor: string | null }
}

/** A schedule with its definition, its next fire times and its history. Takes the role viewer. */
export interface GetScheduleCall {
  readonly request: { readonly id: string }
  readonly response: ApiScheduleDetails
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

/** Why it did, or did not, run at an instant; by default at its latest fire time. Takes the role viewer. */
export interface ExplainCall {
  readonly request: { readonly id: string; readonly at?: string | Date | undefined }
  readonly response: ApiExplanation
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
  listLedger: ['GET', '/scheduler/schedules/{id}/ledger'],
  explain: ['GET', '/scheduler/schedules/{id}/explain'],
  pauseSchedule: ['POST', '/scheduler/schedules/{id}/pause', 'body'],
  resumeSchedule: ['POST', '/scheduler/schedules/{id}/resume', 'body'],
  runSchedule: ['POST', '/scheduler/schedules/{id}/run', 'body']
} as const satisfies Routes
