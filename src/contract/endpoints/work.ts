import type { Endpoints } from '../endpoint.ts'
import { failures, tasks } from '../shapes/work.ts'

export const workEndpoints = {
  listTasks: {
    method: 'GET',
    path: '/scheduler/tasks',
    access: 'viewer',
    summary: 'Tasks that live workers know or that were counted, with how their jobs ended',
    response: tasks
  },
  listFailures: {
    method: 'GET',
    path: '/scheduler/failures',
    access: 'viewer',
    summary: 'The newest jobs that failed for good, grouped by task and error',
    response: failures
  }
} as const satisfies Endpoints
