// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiFailures, ApiTasks } from '../shapes/work.ts'

/** Tasks that live workers know or that were counted, with how their jobs ended. Takes the role viewer. */
export interface ListTasksCall {
  readonly request: {}
  readonly response: ApiTasks
}

/** The newest jobs that failed for good, grouped by task and error. Takes the role viewer. */
export interface ListFailuresCall {
  readonly request: {}
  readonly response: ApiFailures
}

export const workRoutes = {
  listTasks: ['GET', '/scheduler/tasks'],
  listFailures: ['GET', '/scheduler/failures']
} as const satisfies Routes
