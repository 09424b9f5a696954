import type { EndpointHandlers } from '../handler.ts'
import { auditHandlers } from './audit.ts'
import { jobHandlers } from './jobs.ts'
import { processHandlers } from './processes.ts'
import { queueHandlers } from './queues.ts'
import { scheduleHandlers } from './schedules.ts'

export const handlers: EndpointHandlers = {
  ...processHandlers,
  ...scheduleHandlers,
  ...jobHandlers,
  ...queueHandlers,
  ...auditHandlers
}
