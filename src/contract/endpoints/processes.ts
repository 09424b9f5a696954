import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import * as shapes from '../shapes.ts'

export const processEndpoints = {
  summary: {
    method: 'GET',
    path: '/health',
    access: 'anyone',
    summary: 'Whether somebody schedules and Redis responds; also at /health',
    response: shapes.healthSummary
  },
  live: {
    method: 'GET',
    path: '/health/live',
    access: 'anyone',
    summary: 'Whether this process responds; its books are not asked',
    response: shapes.live,
    needsBooks: false
  },
  ready: {
    method: 'GET',
    path: '/health/ready',
    access: 'anyone',
    summary: 'Whether this process can serve: its books can be read',
    response: shapes.health
  },
  health: {
    method: 'GET',
    path: '/health/basic',
    access: 'anyone',
    summary: 'Whether the books can be read',
    response: shapes.health
  },
  status: {
    method: 'GET',
    path: '/scheduler/status',
    access: 'viewer',
    summary: 'Who schedules, what is due next, and which process you ask',
    response: shapes.status
  },
  listNodes: {
    method: 'GET',
    path: '/scheduler/nodes',
    access: 'viewer',
    summary: 'Processes that take part, and those that ended lately',
    response: v.object({ items: v.array(shapes.node) })
  },
  listSeats: {
    method: 'GET',
    path: '/scheduler/seats',
    access: 'viewer',
    summary: 'Seats that were ever held, and who holds them',
    response: v.object({ items: v.array(shapes.seat) })
  },
  metrics: {
    method: 'GET',
    path: '/scheduler/metrics',
    access: 'viewer',
    summary: 'Metrics of all processes for Prometheus; as JSON how much of the host is in use; also at /metrics',
    response: shapes.hostInUse,
    texts: ['text/plain', 'application/openmetrics-text']
  },
  openApi: {
    method: 'GET',
    path: '/scheduler/openapi.json',
    access: 'viewer',
    summary: 'This API as an OpenAPI 3.1 document',
    response: v.looseObject({ openapi: v.string() })
  }
} as const satisfies Endpoints
