import type {
  AccessRole,
  AuditAction,
  AuditEntry,
  AuditOutcome,
  AuditTargetKind,
  AuditVia
} from '../../core/access/audit.ts'
import type { AuditFilter } from '../../store/access/audit.ts'

export const AUDIT_COLUMNS =
  'id, at, actor, role, via, address, action, target_kind, target_id, before, after, reason, bulk_id, outcome, count'

/** In the order of the columns. */
export type AuditRow = readonly [
  id: string,
  at: number,
  actor: string,
  role: string | null,
  via: string,
  address: string | null,
  action: string,
  targetKind: string,
  targetId: string,
  before: string | null,
  after: string | null,
  reason: string | null,
  bulkId: string | null,
  outcome: string,
  count: number
]

export function auditEntryOf(row: AuditRow): AuditEntry {
  const [id, at, actor, role, via, address, action, targetKind, targetId, before, after, reason, bulkId] = row
  const [outcome, count] = [row[13], row[14]]
  return {
    id,
    at,
    actor,
    role: (role ?? undefined) as AccessRole | undefined,
    via: via as AuditVia,
    address: address ?? undefined,
    action: action as AuditAction,
    targetKind: targetKind as AuditTargetKind,
    targetId,
    before: before ?? undefined,
    after: after ?? undefined,
    reason: reason ?? undefined,
    bulkId: bulkId ?? undefined,
    outcome: outcome as AuditOutcome,
    count
  }
}

/** The conditions of a filter, each with its value in the place of `?`. */
export function auditConditions(filter: AuditFilter): (readonly [condition: string, value: string | number])[] {
  const { actor, action, targetKind, targetId, from, until } = filter
  const all = [
    ['actor = ?', actor],
    ['action = ?', action],
    ['target_kind = ?', targetKind],
    ['target_id = ?', targetId],
    ['at >= ?', from],
    ['at <= ?', until]
  ] as const
  return all.flatMap(([condition, value]) => (value === undefined ? [] : [[condition, value] as const]))
}
