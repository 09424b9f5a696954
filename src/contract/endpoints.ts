import { auditEndpoints } from './endpoints/audit.ts'
import { incidentEndpoints } from './endpoints/incidents.ts'
import { jobEndpoints } from './endpoints/jobs.ts'
import { processEndpoints } from './endpoints/processes.ts'
import { queueEndpoints } from './endpoints/queues.ts'
import { scheduleEndpoints } from './endpoints/schedules.ts'
import { sessionEndpoints } from './endpoints/sessions.ts'
import { workEndpoints } from './endpoints/work.ts'

/**
 * Every endpoint of the management API. Routing, checks, the OpenAPI document and its tests read this table; an
 * endpoint without a handler does not compile.
 */
export const endpoints = {
  ...processEndpoints,
  ...scheduleEndpoints,
  ...jobEndpoints,
  ...queueEndpoints,
  ...workEndpoints,
  ...incidentEndpoints,
  ...auditEndpoints,
  ...sessionEndpoints
}

export type EndpointId = keyof typeof endpoints
