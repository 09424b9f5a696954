import type { AuditEntry, NewAuditEntry } from '../../../core/access/audit.ts'
import { auditCursor, type AuditFilter, auditPlaceOf } from '../../../store/access/audit.ts'
import type { Page, PageRequest } from '../../../store/pages/page.ts'
import type { MemoryBooks } from '../books.ts'

/** Writes an entry unless its id is there. */
export function putAudit(books: MemoryBooks, entry: AuditEntry): void {
  if (books.audit.has(entry.id)) return
  books.audit.set(entry.id, entry)
  books.auditByAge.add(entry)
}

export function writeAudit(books: MemoryBooks, entries: readonly NewAuditEntry[], now: number): void {
  for (const entry of entries) {
    const before = books.audit.get(entry.id)
    if (before === undefined) putAudit(books, { ...entry, at: now })
    else if (before.count < entry.count) replace(books, { ...before, count: entry.count })
  }
}

function replace(books: MemoryBooks, entry: AuditEntry): void {
  books.auditByAge.delete(entry)
  books.audit.delete(entry.id)
  putAudit(books, entry)
}

export function listAudit(books: MemoryBooks, filter: AuditFilter, { limit, cursor }: PageRequest): Page<AuditEntry> {
  const { items } = books.auditByAge
  const end = cursor === undefined ? items.length : books.auditByAge.indexOf(auditPlaceOf(cursor))
  const found: AuditEntry[] = []
  for (let index = end - 1; index >= 0 && found.length <= limit; index--)
    if (isListed(items[index]!, filter)) found.push(items[index]!)
  const shown = found.slice(0, limit)
  return { items: shown, cursor: found.length > limit ? auditCursor(shown.at(-1)!) : undefined }
}

function isListed(entry: AuditEntry, { from = -Infinity, until = Infinity, ...named }: AuditFilter): boolean {
  const names = Object.entries(named).filter(([, value]) => value !== undefined)
  const isNamed = names.every(([name, value]) => entry[name as keyof AuditEntry] === value)
  return isNamed && entry.at >= from && entry.at <= until
}

export function pruneAudit(books: MemoryBooks, before: number, limit: number): number {
  const { items } = books.auditByAge
  const count = Math.min(limit, books.auditByAge.indexOf({ at: before, id: '' }))
  for (const { id } of items.slice(0, count)) books.audit.delete(id)
  books.auditByAge.dropFirst(count)
  return count
}
