import { viewAuditEntry } from '../../views/audit.ts'
import { written } from '../../views/written.ts'
import type { EndpointHandlers } from '../handler.ts'

export const auditHandlers: EndpointHandlers<'listAudit'> = {
  listAudit: async ({ store, query: { limit, cursor, ...filter } }) => {
    const { items, cursor: next } = await store.listAudit(filter, { limit, cursor })
    return { items: items.map(entry => written(viewAuditEntry(entry))), cursor: next ?? null }
  }
}
