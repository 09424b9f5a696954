import * as v from 'valibot'
import type { Endpoint } from './endpoint.ts'
import { instant, jobFilter, page, span } from './queries.ts'
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
  openApi: {
    method: 'GET',
    path: '/scheduler/openapi.json',
    access: 'viewer',
    summary: 'This API as an OpenAPI 3.1 document',
    response: v.looseObject({ openapi: v.string() })
  }
} as const satisfies Readonly<Record<string, Endpoint>>

export type EndpointId = keyof typeof endpoints
