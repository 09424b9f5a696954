import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import * as bodies from '../bodies.ts'
import * as scheduleBodies from '../schedule-bodies.ts'
import { instant } from '../instant.ts'
import { page, previewQuery, scheduleFilter, span, unfiredOutcome } from '../queries.ts'
import { searchedPageOf } from '../searched.ts'
import * as shapes from '../shapes.ts'
import * as scheduleShapes from '../shapes/schedules.ts'
import { preview } from '../shapes/work.ts'

export const scheduleEndpoints = {
  listSchedules: {
    method: 'GET',
    path: '/scheduler/schedules',
    access: 'viewer',
    summary: 'Schedules with their health and, if asked for, their last decisions',
    query: v.strictObject({ ...page, ...scheduleFilter }),
    response: searchedPageOf(scheduleShapes.foundSchedule)
  },
  getSchedule: {
    method: 'GET',
    path: '/scheduler/schedules/{id}',
    access: 'viewer',
    summary: 'A schedule with its definition, its next fire times and its history',
    response: scheduleShapes.scheduleDetails,
    hasETag: true,
    problems: ['schedule-unknown']
  },
  putSchedule: {
    method: 'PUT',
    path: '/scheduler/schedules/{id}',
    access: 'admin',
    action: 'schedule.put',
    summary: 'Create one that belongs to no code, or give it another definition',
    body: scheduleBodies.schedulePutBody,
    response: v.object({
      ...scheduleShapes.scheduleDetails.entries,
      outcome: v.picklist(['created', 'changed', 'unchanged'])
    }),
    hasETag: true,
    precondition: 'taken',
    problems: ['schedule-changed', 'schedule-refused', 'task-unknown']
  },
  updateSchedule: {
    method: 'PATCH',
    path: '/scheduler/schedules/{id}',
    access: 'admin',
    action: 'schedule.update',
    summary: 'Change what is given of one that belongs to no code, and nothing else',
    body: scheduleBodies.scheduleChangeBody,
    response: scheduleShapes.scheduleDetails,
    hasETag: true,
    precondition: 'required',
    problems: ['schedule-unknown', 'schedule-changed', 'schedule-refused', 'task-unknown']
  },
  removeSchedule: {
    method: 'DELETE',
    path: '/scheduler/schedules/{id}',
    access: 'admin',
    action: 'schedule.remove',
    summary: 'Let it fire no more; its history stays, and it can be restored',
    body: scheduleBodies.scheduleRemovalBody,
    response: v.object({ id: v.string() }),
    precondition: 'required',
    problems: ['schedule-unknown', 'schedule-changed']
  },
  restoreSchedule: {
    method: 'POST',
    path: '/scheduler/schedules/{id}/restore',
    access: 'admin',
    action: 'schedule.restore',
    summary: 'Bring back one that was removed, as it was',
    body: bodies.changeBody,
    response: shapes.listedSchedule,
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
  listRevisions: {
    method: 'GET',
    path: '/scheduler/schedules/{id}/history',
    access: 'viewer',
    summary: 'Its definitions, newest first, with what each has changed',
    response: v.object({ items: v.array(scheduleShapes.revision), isMore: v.boolean() }),
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
  listUnfired: {
    method: 'GET',
    path: '/scheduler/ledger',
    access: 'viewer',
    summary: 'Fire times of all schedules that created no job, the last decision first',
    query: v.strictObject({ ...page, ...span, outcome: unfiredOutcome }),
    response: searchedPageOf(scheduleShapes.unfiredRow)
  },
  previewTrigger: {
    method: 'GET',
    path: '/scheduler/triggers/preview',
    access: 'viewer',
    summary: 'Fire times that a trigger would have',
    query: v.strictObject(previewQuery),
    response: preview
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
