// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type {
  ApiHealth,
  ApiHealthSummary,
  ApiHostInUse,
  ApiLive,
  ApiNode,
  ApiSeat,
  ApiStatus
} from '../shapes/shapes.ts'

/** Whether somebody schedules and Redis responds; also at /health. Takes no credentials. */
export interface SummaryCall {
  readonly request: {}
  readonly response: ApiHealthSummary
}

/** Whether this process responds; its books are not asked. Takes no credentials. */
export interface LiveCall {
  readonly request: {}
  readonly response: ApiLive
}

/** Whether this process can serve: its books can be read. Takes no credentials. */
export interface ReadyCall {
  readonly request: {}
  readonly response: ApiHealth
}

/** Whether the books can be read. Takes no credentials. */
export interface HealthCall {
  readonly request: {}
  readonly response: ApiHealth
}

/** Who schedules, what is due next, and which process you ask. Takes the role viewer. */
export interface StatusCall {
  readonly request: {}
  readonly response: ApiStatus
}

/** Processes that take part, and those that ended lately. Takes the role viewer. */
export interface ListNodesCall {
  readonly request: {}
  readonly response: { readonly items: readonly ApiNode[] }
}

/** Seats that were ever held, and who holds them. Takes the role viewer. */
export interface ListSeatsCall {
  readonly request: {}
  readonly response: { readonly items: readonly ApiSeat[] }
}

/** Metrics of all processes for Prometheus; as JSON how much of the host is in use; also at /metrics. Takes the role viewer. */
export interface MetricsCall {
  readonly request: {}
  readonly response: ApiHostInUse
}

/** This API as an OpenAPI 3.1 document. Takes the role viewer. */
export interface OpenApiCall {
  readonly request: {}
  readonly response: { readonly openapi: string }
}

export const processesRoutes = {
  summary: ['GET', '/health'],
  live: ['GET', '/health/live'],
  ready: ['GET', '/health/ready'],
  health: ['GET', '/health/basic'],
  status: ['GET', '/scheduler/status'],
  listNodes: ['GET', '/scheduler/nodes'],
  listSeats: ['GET', '/scheduler/seats'],
  metrics: ['GET', '/scheduler/metrics'],
  openApi: ['GET', '/scheduler/openapi.json']
} as const satisfies Routes
