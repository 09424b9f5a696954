// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiJob, ApiJobContent } from '../shapes/shapes.ts'

/** Jobs, newest first. Takes the role viewer. */
export interface ListJobsCall {
  readonly request: {
    readonly limit?: number | undefined
    readonly cursor?: string | undefined
    readonly state?:
      | 'scheduled'
      | 'available'
      | 'running'
      | 'retryable'
      | 'completed'
      | 'cancelled'
      | 'discarded'
      | undefined
    readonly task?: string | undefined
    readonly queue?: string | undefined
    readonly schedule?: string | undefined
  }
  readonly response: {
    readonly items: readonly ApiJob[]
    readonly cursor: string | null
    readonly complete: boolean
    readonly searchedUntil: string | null
  }
}

/** Create a job of a task; the same id again gives one job. Takes the role operator. */
export interface EnqueueJobCall {
  readonly request: {
    readonly reason?: string | undefined
    readonly task: string
    readonly payload?: unknown
    readonly runAt?: string | Date | undefined
    readonly delay?: number | string | undefined
    readonly queue?: string | undefined
    readonly priority?: number | undefined
    readonly uniqueKey?: string | undefined
    readonly id?: string | undefined
    readonly mayWait?: boolean | undefined
  }
  readonly response: { readonly id: string; readonly outcome: 'enqueued' | 'exists' | 'duplicate' | 'replaced' }
}

/** A job without what its payload, its result and its errors hold. Takes the role viewer. */
export interface GetJobCall {
  readonly request: { readonly id: string }
  readonly response: ApiJob
}

/** What a job holds: payload, progress, result and errors with their stacks. Takes the role operator. */
export interface GetJobContentCall {
  readonly request: { readonly id: string }
  readonly response: ApiJobContent
}

/** Make a finished job available again, under the same id; with a payload, a new job. Takes the role operator. */
export interface RetryJobCall {
  readonly request: {
    readonly id: string
    readonly reason?: string | undefined
    readonly again?: boolean | undefined
    readonly payload?: unknown
  }
  readonly response: ApiJob
}

/** Cancel a job; one that runs is asked to end. Takes the role operator. */
export interface CancelJobCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: ApiJob
}

/** Change when a waiting job runs, before which others, and with which payload. Takes the role operator. */
export interface UpdateJobCall {
  readonly request: {
    readonly id: string
    readonly reason?: string | undefined
    readonly runAt?: string | Date | undefined
    readonly priority?: number | undefined
    readonly payload?: unknown
  }
  readonly response: ApiJob
}

/** Delete a finished job with its steps. Takes the role admin. */
export interface DeleteJobCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: { readonly id: string }
}

export const jobsRoutes = {
  listJobs: ['GET', '/scheduler/jobs'],
  enqueueJob: ['POST', '/scheduler/jobs', 'body'],
  getJob: ['GET', '/scheduler/jobs/{id}'],
  getJobContent: ['GET', '/scheduler/jobs/{id}/content'],
  retryJob: ['POST', '/scheduler/jobs/{id}/retry', 'body'],
  cancelJob: ['POST', '/scheduler/jobs/{id}/cancel', 'body'],
  updateJob: ['PATCH', '/scheduler/jobs/{id}', 'body'],
  deleteJob: ['DELETE', '/scheduler/jobs/{id}', 'body']
} as const satisfies Routes
