// Written by `npm run reference` from the table of endpoints.
import type { Routes } from '../route.ts'
import type { ApiAuditEntry } from '../shapes/shapes.ts'

/** Who changed what, and who was refused what, newest first. Takes the role operator. */
export interface ListAuditCall {
  readonly request: {
    readonly limit?: number | undefined
    readonly cursor?: string | undefined
    readonly actor?: string | undefined
    readonly action?:
      | 'schedule.put'
      | 'schedule.update'
      | 'schedule.pause'
      | 'schedule.resume'
      | 'schedule.run'
      | 'schedule.remove'
      | 'schedule.restore'
      | 'schedule.reset'
      | 'job.enqueue'
      | 'job.update'
      | 'job.retry'
      | 'job.cancel'
      | 'job.delete'
      | 'queue.pause'
      | 'queue.resume'
      | 'incident.acknowledge'
      | 'books.import'
      | 'token.create'
      | 'token.revoke'
      | 'session.create'
      | 'session.revoke'
      | 'api.use'
      | undefined
    readonly targetKind?: 'schedule' | 'job' | 'queue' | 'incident' | 'books' | 'token' | 'session' | 'api' | undefined
    readonly targetId?: string | undefined
    readonly from?: string | Date | undefined
    readonly until?: string | Date | undefined
  }
  readonly response: { readonly items: readonly ApiAuditEntry[]; readonly cursor: string | null }
}

export const auditRoutes = { listAudit: ['GET', '/scheduler/audit'] } as const satisfies Routes
