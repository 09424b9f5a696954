import type { AuditEntry, NewAuditEntry } from '../../../core/access/audit.ts'
import { auditCursor, type AuditFilter, auditPlaceOf } from '../../../store/access/audit.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import { AUDIT_COLUMNS, auditConditions, auditEntryOf, type AuditRow } from '../../sql/audit-rows.ts'
import { pageOf } from '../../sql/page.ts'
import type { Books, Sql, Statement } from '../sql.ts'

/** How the entries about a change are written in its statement. */
interface Writing {
  /** The parameters with {@link auditCells} and with the time. */
  readonly entries: string
  readonly at: string
  /** More of FROM and WHERE, that say of which `entry` the change was made. */
  readonly where: string
  /** @default that of the entry */
  readonly after?: string
}

/** A part of WITH. What it writes is committed with the change, and under its id once. */
export const auditPart = ({ entries, at, where, after = 'entry.after' }: Writing): string => `
audited AS (
  INSERT INTO {books}.audit (${AUDIT_COLUMNS})
  SELECT entry.id, coalesce(${at}::bigint, {books}.now_ms()), entry.actor, entry.role, entry.via, entry.address, entry.action, entry.target_kind,
    entry.target_id, entry.before, ${after}, entry.reason, entry.bulk_id, entry.outcome, entry.count
  FROM json_populate_recordset(NULL::{books}.audit, ${entries}::json) AS entry ${where}
  ON CONFLICT (id) DO NOTHING)`

/** Entries as one value. */
export const auditCells = (entries: readonly (NewAuditEntry | AuditEntry | undefined)[] = []): string =>
  JSON.stringify(entries.filter(entry => entry !== undefined).map(cellsOf))

/** By column name. */
const cellsOf = ({ targetKind, targetId, bulkId, ...rest }: NewAuditEntry): object => ({
  ...rest,
  target_kind: targetKind,
  target_id: targetId,
  bulk_id: bulkId
})

// In the order of their ids, as any other process that raises the same counts.
const WRITE: Statement = {
  text: `
INSERT INTO {books}.audit AS audit (${AUDIT_COLUMNS})
SELECT id, coalesce(at, $2::bigint, {books}.now_ms()), actor, role, via, address, action, target_kind, target_id, before, after, reason, bulk_id,
  outcome, count
FROM json_populate_recordset(NULL::{books}.audit, $1) ORDER BY id
ON CONFLICT (id) DO UPDATE SET count = excluded.count WHERE excluded.count > audit.count`
}

export async function writeAudit(
  { database, now }: Pick<Books, 'database' | 'now'>,
  entries: readonly (NewAuditEntry | AuditEntry)[],
  sql: Sql = database
): Promise<void> {
  if (entries.length > 0) await sql.query(WRITE, [auditCells(entries), now()])
}

/** One for each shape of a filter: a database keeps the text of each statement object. */
const lists = new Map<string, Statement>()

function listWhere(conditions: string): Statement {
  const known = lists.get(conditions)
  if (known !== undefined) return known
  const list: Statement = { text: `SELECT ${AUDIT_COLUMNS} FROM {books}.audit ${conditions}` }
  lists.set(conditions, list)
  return list
}

export async function listAudit(
  { database }: Books,
  filter: AuditFilter,
  { limit, cursor }: PageRequest
): Promise<Page<AuditEntry>> {
  const place = cursor === undefined ? undefined : auditPlaceOf(cursor)
  const given = auditConditions(filter)
  const values: (string | number)[] = given.map(([, value]) => value)
  const conditions = given.map(([condition], index) => condition.replace('?', `$${index + 1}`))
  if (place !== undefined) {
    conditions.push(`(at, id) < ($${values.length + 1}, $${values.length + 2})`)
    values.push(place.at, place.id)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const list = listWhere(`${where} ORDER BY at DESC, id DESC LIMIT $${values.length + 1}`)
  const rows = await database.query<AuditRow>(list, [...values, limit + 1])
  return pageOf(rows.map(auditEntryOf), limit, auditCursor)
}
