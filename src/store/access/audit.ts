import type { AuditAction, AuditEntry, AuditTargetKind, NewAuditEntry } from '../../core/access/audit.ts'
import { EscapementError } from '../../core/errors.ts'
import { isText } from '../../core/options/forms.ts'
import { describe } from '../../core/options/names.ts'
import { isInstant } from '../../core/trigger/instant.ts'
import type { Page, PageRequest } from '../pages/page.ts'

/** Which entries of the audit to list: those that have all of these. */
export interface AuditFilter {
  readonly actor?: string | undefined
  readonly action?: AuditAction | undefined
  readonly targetKind?: AuditTargetKind | undefined
  readonly targetId?: string | undefined
  /** Not before this instant. */
  readonly from?: number | undefined
  /** Not after this instant. */
  readonly until?: number | undefined
}

/**
 * Who changed what. Changes take the entries about them, and write each in the same step, if what it is about was
 * changed, and under its id once.
 */
export interface AuditStore {
  /**
   * Writes entries that belong to no change, such as those of refused attempts. Of one that is there with a lower
   * `count` the count is raised.
   */
  writeAudit(entries: readonly NewAuditEntry[]): Promise<void>
  /** Newest first, by instant, then id. @throws EscapementError `id-invalid` for a cursor of something else */
  listAudit(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>
}

/** Where a page of the audit ended. */
export type AuditPlace = Pick<AuditEntry, 'at' | 'id'>

export const auditCursor = ({ at, id }: AuditPlace): string => `${at}:${id}`

/** @throws EscapementError `id-invalid` */
export function auditPlaceOf(cursor: string): AuditPlace {
  const [, at, id] = /^(\d{1,15}):(.{1,100})$/.exec(cursor) ?? []
  if (at !== undefined && isText(id) && isInstant(Number(at))) return { at: Number(at), id }
  throw new EscapementError(
    'id-invalid',
    `The cursor of a list of the audit is ${describe(cursor)}; it takes the cursor of an earlier page with the same filter.`
  )
}
