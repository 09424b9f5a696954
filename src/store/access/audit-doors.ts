import { auditActions, auditTargetKinds } from '../../core/access/audit.ts'
import { aText, aTextToFind, oneOf, wholeNumber } from '../../core/options/forms.ts'
import { checkOptions, door, type Form } from '../../core/options/options.ts'
import { type Instant, instantMs } from '../../core/trigger/instant.ts'
import type { PageRequest } from '../pages/page.ts'
import type { AuditFilter } from './audit.ts'

/** Which entries of the audit to list, as apps write it: those that have all of these. */
export interface AuditQuery extends Omit<AuditFilter, 'from' | 'until'> {
  /** Not before this instant. */
  readonly from?: Instant | undefined
  /** Not after this instant. */
  readonly until?: Instant | undefined
}

const judgedAsInstant: Form = { takes: 'an instant', allows: () => true }

const queryDoor = door<AuditQuery>('options-invalid', {
  actor: aTextToFind,
  action: oneOf(...auditActions),
  targetKind: oneOf(...auditTargetKinds),
  targetId: aTextToFind,
  from: judgedAsInstant,
  until: judgedAsInstant
})

const pageDoor = door<PageRequest>('options-invalid', { limit: wholeNumber(1, 1_000), cursor: aText })

/**
 * The filter of a query, read within the call. An unknown name would otherwise match all entries.
 *
 * @throws EscapementError `options-invalid`, `trigger-invalid` for an instant
 */
export function auditFilterOf(query: AuditQuery): AuditFilter {
  checkOptions('The filter of the audit', query, queryDoor)
  const { actor, action, targetKind, targetId, from, until } = query
  return {
    actor,
    action,
    targetKind,
    targetId,
    from: from === undefined ? undefined : instantMs('The filter of the audit: from', from),
    until: until === undefined ? undefined : instantMs('The filter of the audit: until', until)
  }
}

/** @throws EscapementError `options-invalid` */
export const checkAuditPage = (page: Partial<PageRequest>): void =>
  checkOptions('audit.list(): the page', page, pageDoor)
