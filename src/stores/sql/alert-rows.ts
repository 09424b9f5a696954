import type { Incident } from '../../core/alerts/incident.ts'
import type { DiscardSight } from '../../core/alerts/rules/books-seen.ts'
import type { Notice } from '../../core/alerts/notice.ts'
import type { Failure } from '../../core/job/job.ts'
import type { AlertPass, ClaimedNotice } from '../../store/alerts.ts'

/** The columns of an incident, in the order in which both SQL stores read and write them. */
export const INCIDENT_COLUMNS =
  'id, rule, subject, opened_at, resolved_at, told, flaps, acknowledged_at, acknowledged_by, seen_at, body'

export type IncidentRow = readonly [
  id: string,
  rule: string,
  subject: string,
  openedAt: number,
  resolvedAt: number | null,
  told: string,
  flaps: number,
  acknowledgedAt: number | null,
  acknowledgedBy: string | null,
  seenAt: number,
  body: string
]

type Body = Pick<Incident, 'since' | 'why' | 'timezone' | 'missed' | 'repeats' | 'isHeld'>

export function rowOfIncident(incident: Incident): IncidentRow {
  const { id, rule, subject, openedAt, resolvedAt, told, flaps, acknowledgedAt, acknowledgedBy, seenAt } = incident
  const { since, why, timezone, missed, repeats, isHeld } = incident
  const body: Body = { since, why, timezone, missed, repeats, isHeld }
  const ends = [resolvedAt ?? null, told, flaps, acknowledgedAt ?? null, acknowledgedBy ?? null, seenAt] as const
  return [id, rule, subject, openedAt, ...ends, JSON.stringify(body)]
}

export function incidentOf(row: IncidentRow): Incident {
  const [id, rule, subject, openedAt, resolvedAt, told, flaps, acknowledgedAt, acknowledgedBy, seenAt, body] = row
  const { timezone, ...rest } = JSON.parse(body) as Body
  return {
    ...rest,
    timezone,
    id,
    rule: rule as Incident['rule'],
    subject,
    openedAt,
    resolvedAt: resolvedAt ?? undefined,
    told: told as Incident['told'],
    flaps,
    acknowledgedAt: acknowledgedAt ?? undefined,
    acknowledgedBy: acknowledgedBy ?? undefined,
    seenAt
  }
}

export type PassRow = readonly [number: number, beganAt: number, finishedAt: number | null, memory: string | null]

/** Without a row no pass ever began. */
export function passOf([number, beganAt, finishedAt, memory]: PassRow = [0, 0, null, null]): AlertPass {
  return { number, beganAt, finishedAt: finishedAt ?? undefined, memory: memory ?? undefined }
}

export type ClaimedRow = readonly [body: string, channel: string, fence: number, tries: number]

/** In the order in which they were made. */
export const claimedOf = (rows: readonly ClaimedRow[]): ClaimedNotice[] =>
  rows
    .map(([body, channel, fence, tries]) => ({ notice: JSON.parse(body) as Notice, channel, fence, tries }))
    .sort((a, b) => a.notice.madeAt - b.notice.madeAt || (a.notice.id < b.notice.id ? -1 : 1))

export type DiscardRow = readonly [
  id: string,
  task: string,
  scheduleId: string | null,
  fireAt: number | null,
  finishedAt: number,
  errors: string | null
]

export const discardOf = ([id, task, scheduleId, fireAt, finishedAt, errors]: DiscardRow): DiscardSight => ({
  id,
  task,
  scheduleId: scheduleId ?? undefined,
  fireAt: fireAt ?? undefined,
  finishedAt,
  problem: errors === null ? undefined : (JSON.parse(errors) as Failure[]).at(-1)?.message
})
