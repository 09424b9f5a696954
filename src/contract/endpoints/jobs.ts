import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import * as bodies from '../bodies.ts'
import * as jobBodies from '../job-bodies.ts'
import { jobFilter, page } from '../queries.ts'
import { searchedPageOf } from '../searched.ts'
import * as shapes from '../shapes.ts'

export const jobEndpoints = {
  listJobs: {
    method: 'GET',
    path: '/scheduler/jobs',
    access: 'viewer',
    summary: 'Jobs, newest first',
    query: v.strictObject({ ...page, ...jobFilter }),
    response: searchedPageOf(shapes.job)
  },
  enqueueJob: {
    method: 'POST',
    path: '/scheduler/jobs',
    access: 'operator',
    action: 'job.enqueue',
    summary: 'Create a job of a task; the same id again gives one job',
    body: jobBodies.enqueueBody,
    response: v.object({ id: v.string(), outcome: v.picklist(['enqueued', 'exists', 'duplicate', 'replaced']) }),
    problems: ['task-unknown', 'task-not-run']
  },
  getJob: {
    method: 'GET',
    path: '/scheduler/jobs/{id}',
    access: 'viewer',
    summary: 'A job without what its payload, its result and its errors hold',
    response: shapes.job,
    problems: ['job-unknown']
  },
  getJobContent: {
    method: 'GET',
    path: '/scheduler/jobs/{id}/content',
    access: 'operator',
    summary: 'What a job holds: payload, progress, result and errors with their stacks',
    response: shapes.jobContent,
    problems: ['job-unknown']
  },
  retryJob: {
    method: 'POST',
    path: '/scheduler/jobs/{id}/retry',
    access: 'operator',
    action: 'job.retry',
    summary: 'Make a finished job available again, under the same id; with a payload, a new job',
    body: jobBodies.retryBody,
    response: shapes.job,
    problems: [
      'job-unknown',
      'job-not-finished',
      'job-at-most-once',
      'payload-redacted',
      'schedule-overlapping',
      'task-unknown'
    ]
  },
  cancelJob: {
    method: 'POST',
    path: '/scheduler/jobs/{id}/cancel',
    access: 'operator',
    action: 'job.cancel',
    summary: 'Cancel a job; one that runs is asked to end',
    body: bodies.changeBody,
    response: shapes.job,
    problems: ['job-unknown', 'job-finished']
  },
  updateJob: {
    method: 'PATCH',
    path: '/scheduler/jobs/{id}',
    access: 'operator',
    action: 'job.update',
    summary: 'Change when a waiting job runs, before which others, and with which payload',
    body: jobBodies.jobChangeBody,
    response: shapes.job,
    problems: ['job-unknown', 'job-not-waiting', 'task-unknown']
  },
  deleteJob: {
    method: 'DELETE',
    path: '/scheduler/jobs/{id}',
    access: 'admin',
    action: 'job.delete',
    summary: 'Delete a finished job with its steps',
    body: bodies.changeBody,
    response: v.object({ id: v.string() }),
    problems: ['job-unknown', 'job-not-finished']
  }
} as const satisfies Endpoints
