import type { Patch } from './product.ts'

/** What can be taken out of a copy of the product, so that a run shows what it is there for. SQLite only. */
export const switches = ['ledger', 'fence', 'term'] as const
export type Switch = (typeof switches)[number]

const statements = 'stores/sqlite/statements'

export const patches: Readonly<Record<Switch, readonly Patch[]>> = {
  /**
   * The compare-and-set of a decision, the ledger's key, and the job id that follows from the fire time: each alone is
   * enough.
   */
  ledger: [
    {
      file: `${statements}/schedules.ts`,
      find: 'AND decided_until = ? AND revision = ? AND jobs_created = ?',
      put: 'AND ? + ? + ? IS NOT NULL'
    },
    {
      file: 'stores/sqlite/migrations/001_books.ts',
      find: '  PRIMARY KEY (schedule_id, fire_at)\n) WITHOUT ROWID;\nCREATE INDEX escapement_ledger_age',
      put: '  spare INTEGER\n);\nCREATE INDEX escapement_ledger_age'
    },
    {
      file: 'core/schedule/fire-id.ts',
      find: '`${fireAt}\\n${scheduleId}`',
      put: '`${fireAt}\\n${scheduleId}\\n${process.pid}`'
    }
  ],
  /** The fence in each write that ends an attempt. */
  fence: [
    {
      file: `${statements}/complete.ts`,
      find: "id = ? AND fence = ? AND is_plain = 1'",
      put: "id = ? AND ? > 0 AND is_plain = 1'"
    },
    { file: `${statements}/complete.ts`, find: '} AND running.fence = ? AND', put: '} AND ? > 0 AND' },
    {
      file: `${statements}/complete.ts`,
      find: 'running.id = ? AND running.fence = ?`',
      put: 'running.id = ? AND ? > 0`'
    },
    { file: `${statements}/settle.ts`, find: 'id = ? AND fence = ? RETURNING', put: 'id = ? AND ? > 0 RETURNING' }
  ],
  /** The term in each write that is done in a seat's name. */
  term: [
    { file: 'runtime/seats/tenure.ts', find: "signal.aborted ? 'deposed' : await store", put: 'await store' },
    { file: `${statements}/seats.ts`, find: 'seat = ? AND term = ? AND holder IS NOT NULL', put: 'seat = ? AND ? > 0' }
  ]
}
