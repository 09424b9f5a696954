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
  },
  {
    name: 'alerts-wait-from-the-calm',
    promise: 'A clock that jumped, or a time in which nobody looked, makes nothing late.',
    file: 'src/core/alerts/rules/lateness.ts',
    text: 'Math.max(runAt, seen.calmFrom)',
    put: 'Math.max(runAt, 0)',
    tests: [['tests/core/alerts/judge.test.ts', 'nothing is late before']]
  },
  {
    name: 'alerts-consequences-silenced',
    promise: 'Without a scheduler one notice says it all.',
    file: 'src/core/alerts/rules/judge.ts',
    text: 'all.filter(({ rule }) => !silenced.has(rule))',
    put: 'all.filter(({ rule }) => !silenced.has(rule) || rule.length > 0)',
    tests: [['tests/core/alerts/judge.test.ts', 'no scheduler: one notice']]
  },
  {
    name: 'alerts-unsure-stays-open',
    promise: 'What a pass did not look at does not end an incident.',
    file: 'src/core/alerts/life.ts',
    text: ' || (truth === undefined && unsure.has(incident.rule))',
    put: '',
    tests: [['tests/core/alerts/incidents.test.ts', 'what was not looked at']]
  },
  {
    name: 'alerts-quiet-hours-hold',
    promise: 'Quiet hours hold what is not critical.',
    file: 'src/core/alerts/tell.ts',
    text: 'critical.has(rule) || !isQuiet(telling.quietHours, now)',
    put: 'critical.has(rule) || !isQuiet(undefined, now)',
    tests: [['tests/core/alerts/incidents.test.ts', 'quiet hours hold all']]
  },
  {
    name: 'webhook-redirect',
    promise: 'A webhook follows no redirect.',
    file: 'src/channels/webhook.ts',
    text: "redirect: 'manual'",
    put: "redirect: 'follow'",
    tests: [['tests/channels/webhook.test.ts', 'a redirect is not followed']]
  },
  {
    name: 'heartbeat-after-the-pass',
    promise: 'The heartbeat is called only by who has finished a pass, once a minute.',
    file: 'src/runtime/alerts/alert-watch.ts',
    text: 'if (minute > memory.heartbeatMinute) await',
    put: 'if (minute >= memory.heartbeatMinute) await',
    tests: [['tests/runtime/alerts/delivery.test.ts', 'the heartbeat is called once a minute']]
  },
  {
    name: 'notice-key-of-all-tries',
    promise: 'All tries of a notice have one idempotency key.',
    file: 'src/runtime/alerts/courier.ts',
    text: 'const idempotencyKey = `${store.id}/${notice.id}`',
    put: 'const idempotencyKey = `${store.id}/${notice.id}/${clock.monotonic()}`',
    tests: [['tests/runtime/alerts/delivery.test.ts', 'dies between sending and marking']]
  }
]
