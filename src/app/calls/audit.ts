import { type Dated, dated } from '../../core/dated.ts'
import { allPages } from '../../store/pages/all-pages.ts'
import { type AuditQuery, auditFilterOf, checkAuditPage } from '../../store/access/audit-doors.ts'
import type { Page, PageRequest } from '../../store/pages/page.ts'
import { type AuditSummary, viewAuditEntry } from '../../views/audit.ts'
import type { Caller } from './caller.ts'

/** An entry of the audit as apps see it. */
export interface AuditView extends Dated<AuditSummary> {}

const PAGE = 500

/**
 * `escapement.audit`: who changed what.
 *
 * @example
 * ```ts
 * const { items } = await app.audit.list({ targetKind: 'schedule', targetId: 'nightly-report' }, { limit: 20 })
 * for (const { at, actor, action, reason } of items) console.log(at, actor, action, reason ?? '')
 * ```
 */
export class AuditCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * Newest first; `limit` 1 to 1,000, default 100.
   *
   * @throws EscapementError `options-invalid`, `trigger-invalid` for an instant, `id-invalid` for the cursor
   */
  async list(query: AuditQuery = {}, page: Partial<PageRequest> = {}): Promise<Page<AuditView>> {
    const filter = auditFilterOf(query)
    checkAuditPage(page)
    const asked = { limit: page.limit ?? 100, cursor: page.cursor }
    const { items, cursor } = await this.#caller.use(({ store }) => store.listAudit(filter, asked))
    return { items: items.map(viewOf), cursor }
  }

  /**
   * All entries of a filter, newest first, read 500 at a time. What is written meanwhile is not among them.
   *
   * @throws EscapementError as `list` does
   */
  all(query: AuditQuery = {}): AsyncIterable<AuditView> {
    return this.#all(auditFilterOf(query))
  }

  async *#all(filter: ReturnType<typeof auditFilterOf>): AsyncGenerator<AuditView> {
    const read = (cursor: string | undefined) =>
      this.#caller.use(({ store }) => store.listAudit(filter, { limit: PAGE, cursor }))
    for await (const entry of allPages(read)) yield viewOf(entry)
  }
}

const viewOf = (entry: Parameters<typeof viewAuditEntry>[0]): AuditView => dated(viewAuditEntry(entry))
