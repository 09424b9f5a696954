import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import * as bodies from '../bodies.ts'
import { instant } from '../instant.ts'
import { page, span } from '../queries.ts'
import * as shapes from '../shapes.ts'

export const scheduleEndpoints = {
  listSchedules: {
    method: 'GET',
    path: '/scheduler/schedules',
    access: 'viewer',
    summary: 'Schedules, in the order of their ids',
    query: v.strictObject(page),
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
  }
} as const satisfies Endpoints
