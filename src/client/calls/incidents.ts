// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiIncident } from '../shapes/incidents.ts'

/** Troubles that alerts tell of: open ones, and those that ended since an instant; by default of a day. Takes the role viewer. */
export interface ListIncidentsCall {
  readonly request: { readonly since?: string | Date | undefined }
  readonly response: { readonly items: readonly ApiIncident[] }
}

/** Say that somebody has seen it: it is not told again while it lasts. Takes the role operator. */
export interface AcknowledgeIncidentCall {
  readonly request: { readonly id: string; readonly reason?: string | undefined }
  readonly response: { readonly id: string }
}

export const incidentsRoutes = {
  listIncidents: ['GET', '/scheduler/incidents'],
  acknowledgeIncident: ['POST', '/scheduler/incidents/{id}/acknowledge', 'body']
} as const satisfies Routes
