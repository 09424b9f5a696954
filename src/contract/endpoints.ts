import * as v from 'valibot'
import type { Endpoint } from './endpoint.ts'
import * as bodies from './bodies.ts'
import { instant } from './instant.ts'
import { auditFilter, jobFilter, page, span } from './queries.ts'
import * as shapes from './shapes.ts'

const paged = v.strictObject(page)

/**
 * Every endpoint of the management API. Routing, checks, the OpenAPI document and its tests read this table; an
 * endpoint without a handler does not compile.
 */
export const endpoints = {
  health: {
    method: 'GET',
    path: '/health/basic',
    access: 'anyone',
    summary: 'Whether the books can be read',
    response: shapes.health
  },
  status: {
    method: 'GET',
    path: '/scheduler/status',
    access: 'viewer',
    summary: 'Who schedules, what is due next, and which process you ask',
    response: shapes.status
  },
  listSchedules: {
    method: 'GET',
    path: '/scheduler/schedules',
    access: 'viewer',
    summary: 'Schedules, in the order of their ids',
    query: paged,
    response: shapes.pageOf(shapes.listedSchedule)
  },
  getSchedule: {
    method: 'GET',
    path: '/scheduler/schedules/{id}',
    access: 'viewer',
    summary: 'A schedule with its definition, its next fire times and its history',
    response: shapes.scheduleDetails,
    problems: ['schedule-unknown']
  },
  listLedger: {
    method: 'GET',
    path: '/scheduler/schedules/{id}/ledger',
    access: 'viewer',
    summary: 'What happened to its fire times, in their order',
    query: v.strictObject({ ...page, ...span }),
    response: shapes.pageOf(shapes.ledgerRow),
    problems: ['schedule-unknown']
  },
  explain: {
    method: 'GET',
    path: '/scheduler/schedules/{id}/explain',
    access: 'viewer',
    summary: 'Why it did, or did not, run at an instant; by default at its latest fire time',
    query: v.strictObject({ at: v.optional(instant) }),
    response: shapes.explanation,
    problems: ['schedule-unknown']
  },
  pauseSchedule: {
    method: 'POST',
    path: '/scheduler/schedules/{id}/pause',
    access: 'operator',
    action: 'schedule.pause',
    summary: 'Let nothing fire until it is resumed',
    body: bodies.pauseBody,
    response: shapes.listedSchedule,
    problems: ['schedule-unknown']
  },
  resumeSchedule: {
    method: 'POST',
    path: '/scheduler/schedules/{id}/resume',
    access: 'operator',
    action: 'schedule.resume',
    summary: 'Let it fire again, from now on',
    body: bodies.changeBody,
    response: shapes.listedSchedule,
    problems: ['schedule-unknown']
  },
  runSchedule: {
    method: 'POST',
    path: '/scheduler/schedules/{id}/run',
    access: 'operator',
    action: 'schedule.run',
    summary: 'Create one job now, in addition to the fire times',
    body: bodies.changeBody,
    response: v.object({ jobId: v.string() }),
    problems: ['schedule-unknown', 'schedule-overlapping']
  },
  listJobs: {
    method: 'GET',
    path: '/scheduler/jobs',
    access: 'viewer',
    summary: 'Jobs, newest first',
    query: v.strictObject({ ...page, ...jobFilter }),
    response: shapes.pageOf(shapes.job)
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
    summary: 'Make a finished job available again, under the same id',
    body: bodies.retryBody,
    response: shapes.job,
    problems: ['job-unknown', 'job-not-finished', 'job-at-most-once', 'payload-redacted', 'schedule-overlapping']
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
    summary: 'Change when a waiting job runs, and before which others',
    body: bodies.jobChangeBody,
    response: shapes.job,
    problems: ['job-unknown', 'job-not-waiting']
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
  },
  pauseQueue: {
    method: 'POST',
    path: '/scheduler/queues/{queue}/pause',
    access: 'operator',
    action: 'queue.pause',
    summary: 'Let no worker claim from it',
    body: bodies.changeBody,
    response: shapes.pausedQueue
  },
  resumeQueue: {
    method: 'POST',
    path: '/scheduler/queues/{queue}/resume',
    access: 'operator',
    action: 'queue.resume',
    summary: 'Let workers claim from it again',
    body: bodies.changeBody,
    response: shapes.pausedQueue
  },
  listQueues: {
    method: 'GET',
    path: '/scheduler/queues',
    access: 'viewer',
    summary: 'Queues that have unfinished jobs or are paused',
    response: v.object({ items: v.array(shapes.queue) })
  },
  listNodes: {
    method: 'GET',
    path: '/scheduler/nodes',
    access: 'viewer',
    summary: 'Processes that take part, and those that ended lately',
    response: v.object({ items: v.array(shapes.node) })
  },
  listSeats: {
    method: 'GET',
    path: '/scheduler/seats',
    access: 'viewer',
    summary: 'Seats that were ever held, and who holds them',
    response: v.object({ items: v.array(shapes.seat) })
  },
  listAudit: {
    method: 'GET',
    path: '/scheduler/audit',
    access: 'operator',
    summary: 'Who changed what, and who was refused what, newest first',
    query: v.strictObject({ ...page, ...auditFilter }),
    response: shapes.pageOf(shapes.auditEntry)
  },
  metrics: {
    method: 'GET',
    path: '/scheduler/metrics',
    access: 'viewer',
    summary: 'Metrics of all processes for Prometheus; as JSON how much of the host is in use',
    response: shapes.hostInUse,
    texts: ['text/plain', 'application/openmetrics-text']
  },
  openApi: {
    method: 'GET',
    path: '/scheduler/openapi.json',
    access: 'viewer',
    summary: 'This API as an OpenAPI 3.1 document',
    response: v.looseObject({ openapi: v.string() })
  }
} as const satisfies Readonly<Record<string, Endpoint>>

export type EndpointId = keyof typeof endpoints
