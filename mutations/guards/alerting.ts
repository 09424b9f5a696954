import type { Guard } from '../guard.ts'

const memory = 'tests/stores/memory/store.test.ts'
const sqlite = 'tests/stores/sqlite/conformance.test.ts'
const postgres = 'tests/stores/postgres/connection/pgbouncer.test.ts'

/** Who looks for all, what is open, and who sends which notice. */
export const alertingGuards: readonly Guard[] = [
  {
    name: 'memory-alert-pass-fence',
    promise: 'A process that was overtaken by the next pass writes nothing.',
    file: 'src/stores/memory/alerts.ts',
    text: 'alerts.pass.number !== number ||',
    put: '',
    tests: [[memory, 'alerts: who was overtaken']]
  },
  {
    name: 'sqlite-alert-pass-fence',
    promise: 'A process that was overtaken by the next pass writes nothing.',
    file: 'src/stores/sqlite/statements/alerts.ts',
    text: "'SELECT 1 FROM escapement_alert_pass WHERE number = ? AND finished < number'",
    put: "'SELECT 1 FROM escapement_alert_pass WHERE number >= ? AND finished < number'",
    tests: [[sqlite, 'alerts: who was overtaken']]
  },
  {
    name: 'postgres-alert-pass-fence',
    promise: 'A process that was overtaken by the next pass writes nothing.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: 'WHERE number = $1 AND finished < number RETURNING 1`',
    put: 'WHERE number >= $1 AND finished < number RETURNING 1`',
    tests: [[postgres, 'alerts: who was overtaken']]
  },
  {
    name: 'sqlite-alert-pass-turn',
    promise: 'A pass is one process in each interval.',
    file: 'src/stores/sqlite/statements/alerts.ts',
    text: 'WHERE pass.began_at <= ? OR pass.began_at > ?',
    put: 'WHERE pass.began_at + ? + ? > 0',
    tests: [[sqlite, 'alerts: of many at once one gets the pass']]
  },
  {
    name: 'postgres-alert-pass-turn',
    promise: 'A pass is one process in each interval.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: 'WHERE pass.began_at <= excluded.began_at - $1::bigint OR pass.began_at > excluded.began_at RETURNING',
    put: 'WHERE $1::bigint IS NOT NULL RETURNING',
    tests: [[postgres, 'alerts: of many at once one gets the pass']]
  },
  {
    name: 'memory-incident-once',
    promise: 'At most one incident of a rule and subject is open.',
    file: 'src/stores/memory/alerts.ts',
    text: 'return new Set(open).size === open.length',
    put: 'return new Set(open).size <= open.length',
    tests: [[memory, 'alerts: at most one']]
  },
  {
    name: 'postgres-incident-once',
    promise: 'An incident is opened by an insert that one process wins.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: '.length < opened.length) throw stale',
    put: '.length < 0) throw stale',
    tests: [[postgres, 'alerts: at most one']]
  },
  {
    name: 'sqlite-incident-once',
    promise: 'At most one incident of a rule and subject is open.',
    file: 'src/stores/sqlite/statements/alerts.ts',
    text: ' || !fits(books, write)) return',
    put: ') return',
    tests: [[sqlite, 'alerts: at most one']]
  },
  {
    name: 'memory-notice-fence',
    promise: 'Only who claimed a notice last says what happened to it.',
    file: 'src/stores/memory/alerts.ts',
    text: 'kept.fence !== fence ||',
    put: '',
    tests: [[memory, 'alerts: a sent notice is over']]
  },
  {
    name: 'sqlite-notice-fence',
    promise: 'Only who claimed a notice last says what happened to it.',
    file: 'src/stores/sqlite/statements/alerts.ts',
    text: 'WHERE id = ? AND fence = ? AND ended_at IS NULL`',
    put: 'WHERE id = ? AND ? > 0 AND ended_at IS NULL`',
    tests: [[sqlite, 'alerts: a sent notice is over']]
  },
  {
    name: 'postgres-notice-fence',
    promise: 'Only who claimed a notice last says what happened to it.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: 'WHERE id = $1 AND fence = $2 AND ended_at IS NULL',
    put: 'WHERE id = $1 AND $2::bigint > 0 AND ended_at IS NULL',
    tests: [[postgres, 'alerts: a sent notice is over']]
  },
  {
    name: 'sqlite-notice-held',
    promise: 'A claimed notice is held for it alone for a while.',
    file: 'src/stores/sqlite/statements/alerts.ts',
    text: 'AND due_at <= ? AND held_until <= ?\n',
    put: 'AND due_at <= ? AND held_until >= 0 * ?\n',
    tests: [[sqlite, 'alerts: a notice is claimed by one process']]
  },
  {
    name: 'postgres-notice-held',
    promise: 'A claimed notice is held for it alone for a while.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: ' AND held_until <= coalesce($4::bigint, {books}.now_ms())',
    put: '',
    tests: [[postgres, 'alerts: a notice is claimed by one process']]
  },
  {
    name: 'postgres-acknowledgement-stays',
    promise: 'A pass that began before an acknowledgement does not take it away.',
    file: 'src/stores/postgres/statements/alerts.ts',
    text: 'acknowledged_by = CASE WHEN new.flaps > old.flaps THEN NULL ELSE old.acknowledged_by END',
    put: 'acknowledged_by = new.acknowledged_by',
    tests: [[postgres, 'alerts: an acknowledgement stays']]
  }
]
