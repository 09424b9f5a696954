import type { Incident } from '../core/alerts/incident.ts'

/** An incident for people; instants in milliseconds. */
export const viewIncident = (incident: Incident) => ({
  id: incident.id,
  rule: incident.rule,
  subject: incident.subject,
  why: incident.why,
  beganAt: incident.since,
  openedAt: incident.openedAt,
  resolvedAt: incident.resolvedAt,
  missed: incident.missed,
  flaps: incident.flaps,
  acknowledgedAt: incident.acknowledgedAt,
  acknowledgedBy: incident.acknowledgedBy
})
