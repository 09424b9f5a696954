import * as v from 'valibot'
import type { Endpoints } from '../endpoint.ts'
import { auditFilter, page } from '../queries.ts'
import * as shapes from '../shapes.ts'

export const auditEndpoints = {
  listAudit: {
    method: 'GET',
    path: '/scheduler/audit',
    access: 'operator',
    summary: 'Who changed what, and who was refused what, newest first',
    query: v.strictObject({ ...page, ...auditFilter }),
    response: shapes.pageOf(shapes.auditEntry)
  }
} as const satisfies Endpoints
