import type { AuditEntry } from '../core/access/audit.ts'
import type { JsonValue } from '../core/options/json.ts'

/** An entry of the audit as every face shows it. */
export interface AuditSummary extends Omit<AuditEntry, 'before' | 'after'> {
  /** What the change replaced: the members that differ. Payloads are never in it. */
  readonly before: JsonValue | undefined
  /** What it put there, likewise. */
  readonly after: JsonValue | undefined
}

export const viewAuditEntry = ({ before, after, ...entry }: AuditEntry): AuditSummary => ({
  ...entry,
  before: before === undefined ? undefined : (JSON.parse(before) as JsonValue),
  after: after === undefined ? undefined : (JSON.parse(after) as JsonValue)
})
