import type { AuditEntry, NewAuditEntry } from '../../../core/access/audit.ts'
import { auditCursor, type AuditFilter, auditPlaceOf } from '../../../store/access/audit.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { PruneRequest } from '../../../store/reading.ts'
import { AUDIT_COLUMNS, auditConditions, auditEntryOf, type AuditRow } from '../../sql/audit-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books } from '../books.ts'
import { orNull } from '../books.ts'

// An entry is written once under its id; only the count of one about refused attempts rises.
const INSERT = `
INSERT INTO escapement_audit (${AUDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET count = excluded.count WHERE excluded.count > escapement_audit.count`

export function insertAudit({ connection }: Books, entry: AuditEntry): void {
  const { id, at, actor, role, via, address, action, targetKind, targetId, before, after, reason, bulkId } = entry
  const who = [actor, orNull(role), via, orNull(address)]
  const what = [action, targetKind, targetId, orNull(before), orNull(after), orNull(reason), orNull(bulkId)]
  connection.prepare(INSERT).run(id, at, ...who, ...what, entry.outcome, entry.count)
}

/** Call it within the write of the change that the entries are about. */
export function writeAudit(books: Books, entries: readonly NewAuditEntry[]): void {
  for (const entry of entries) insertAudit(books, { ...entry, at: books.now() })
}

export function listAudit(
  { connection }: Books,
  filter: AuditFilter,
  { limit, cursor }: PageRequest
): Page<AuditEntry> {
  const conditions = auditConditions(filter).map(([condition]) => condition)
  const values = auditConditions(filter).map(([, value]) => value)
  if (cursor !== undefined) {
    const { at, id } = auditPlaceOf(cursor)
    conditions.push('(at, id) < (?, ?)')
    values.push(at, id)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT ${AUDIT_COLUMNS} FROM escapement_audit ${where} ORDER BY at DESC, id DESC LIMIT ?`
  const rows = connection.prepare<AuditRow>(sql).all(...values, limit + 1)
  return pageOf(rows.map(auditEntryOf), limit, auditCursor)
}

const PRUNE =
  'DELETE FROM escapement_audit WHERE id IN (SELECT id FROM escapement_audit WHERE at < ? ORDER BY at LIMIT ?)'

export const pruneAudit = ({ connection }: Books, { auditBefore, limit }: PruneRequest): number =>
  Number(connection.prepare(PRUNE).run(auditBefore, limit).changes)
