import * as v from 'valibot'
import * as bodies from '../bodies.ts'
import type { Endpoints } from '../endpoint.ts'
import { instant } from '../instant.ts'
import { incident } from '../shapes/incidents.ts'

export const incidentEndpoints = {
  listIncidents: {
    method: 'GET',
    path: '/scheduler/incidents',
    access: 'viewer',
    summary: 'Troubles that alerts tell of: open ones, and those that ended since an instant; by default of a day',
    query: v.strictObject({ since: v.optional(instant) }),
    response: v.object({ items: v.array(incident) })
  },
  acknowledgeIncident: {
    method: 'POST',
    path: '/scheduler/incidents/{id}/acknowledge',
    access: 'operator',
    action: 'incident.acknowledge',
    summary: 'Say that somebody has seen it: it is not told again while it lasts',
    body: bodies.changeBody,
    response: v.object({ id: v.string() }),
    problems: ['incident-unknown']
  }
} as const satisfies Endpoints
