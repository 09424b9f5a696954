import type { EndpointHandlers } from '../handler.ts'
import { auditHandlers } from './audit.ts'
import { findingHandlers } from './finding.ts'
import { incidentHandlers } from './incidents.ts'
import { jobHandlers } from './jobs.ts'
import { processHandlers } from './processes.ts'
import { queueHandlers } from './queues.ts'
import { scheduleHandlers } from './schedules.ts'
import { sessionHandlers } from './sessions.ts'
import { workHandlers } from './work.ts'

export const handlers: EndpointHandlers = {
  ...processHandlers,
  ...scheduleHandlers,
  ...findingHandlers,
  ...jobHandlers,
  ...queueHandlers,
  ...workHandlers,
  ...incidentHandlers,
  ...auditHandlers,
  ...sessionHandlers
}
