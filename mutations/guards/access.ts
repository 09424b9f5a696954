import type { Guard } from '../guard.ts'

const memory = 'tests/stores/memory/store.test.ts'
const sqlite = 'tests/stores/sqlite/conformance.test.ts'
const postgres = 'tests/stores/postgres/conformance.test.ts'
const operations = 'tests/operations/audit.test.ts'

/** Who did what. */
export const accessGuards: readonly Guard[] = [
  {
    name: 'audit-of-what-was-written-only',
    promise: 'A change of a schedule that was not written has no entry.',
    file: 'src/store/access/entries-of.ts',
    text: "audit !== undefined && answers[index] === 'written' ? [audit] : []",
    put: 'audit !== undefined ? [audit] : []',
    tests: [[memory, 'audit: a change of a schedule']]
  },
  {
    name: 'audit-of-one-change-only-if-made',
    promise: 'A retry, a change of a job and a pause of a queue have an entry only if they were made.',
    file: 'src/store/access/entries-of.ts',
    text: 'isChanged && audit !== undefined ? [audit] : []',
    put: 'audit !== undefined ? [audit] : []',
    tests: [[memory, 'audit: a retry, a change and a deletion']]
  },
  {
    name: 'audit-of-deleted-jobs-only',
    promise: 'Only a job that was deleted has an entry that says so.',
    file: 'src/store/access/entries-of.ts',
    text: "answersById(ids, answers, answer => answer === 'deleted')",
    put: 'answersById(ids, answers, answer => answer !== undefined)',
    tests: [[memory, 'audit: a retry, a change and a deletion']]
  },
  {
    name: 'audit-counts-only-rise-in-memory',
    promise: 'A count of refused attempts that comes late does not lower what is there.',
    file: 'src/stores/memory/access/audit.ts',
    text: 'else if (before.count < entry.count) replace',
    put: 'else replace',
    tests: [[memory, 'audit: a count that comes late']]
  },
  {
    name: 'audit-counts-only-rise-in-sqlite',
    promise: 'A count of refused attempts that comes late does not lower what is there.',
    file: 'src/stores/sqlite/statements/audit.ts',
    text: ' WHERE excluded.count > escapement_audit.count',
    put: '',
    tests: [[sqlite, 'audit: a count that comes late']]
  },
  {
    name: 'audit-counts-only-rise-in-postgres',
    promise: 'A count of refused attempts that comes late does not lower what is there.',
    file: 'src/stores/postgres/statements/audit.ts',
    text: ' WHERE excluded.count > audit.count',
    put: '',
    tests: [[postgres, 'audit: a count that comes late']]
  },
  {
    name: 'audit-once-in-postgres',
    promise: 'A change that is repeated after a lost answer has one entry.',
    file: 'src/stores/postgres/statements/audit.ts',
    text: '  ON CONFLICT (id) DO NOTHING)`',
    put: ')`',
    tests: [[postgres, 'audit: a change that is repeated']]
  },
  {
    name: 'audit-of-cancelled-jobs-in-postgres',
    promise: 'Only jobs that were cancelled or asked to end have an entry that says so.',
    file: 'src/stores/postgres/statements/operate.ts',
    text: "'JOIN answer ON answer.id::text = entry.target_id'",
    put: "'CROSS JOIN (SELECT true AS is_running) AS answer'",
    tests: [[postgres, 'audit: a cancel tells of each job']]
  },
  {
    name: 'audit-of-retried-jobs-in-postgres',
    promise: 'A retry that was refused has no entry.',
    file: 'src/stores/postgres/statements/operate.ts',
    text: `"JOIN done ON done.answer = 'retried'"`,
    put: "'JOIN done ON true'",
    tests: [[postgres, 'audit: a retry, a change and a deletion']]
  },
  {
    name: 'audit-of-changed-jobs-in-postgres',
    promise: 'A change of a job that was refused has no entry.',
    file: 'src/stores/postgres/statements/change.ts',
    text: `"JOIN done ON done.answer = 'changed'"`,
    put: "'JOIN done ON true'",
    tests: [[postgres, 'audit: a retry, a change and a deletion']]
  },
  {
    name: 'audit-of-deleted-jobs-in-postgres',
    promise: 'Only a job that was deleted has an entry that says so.',
    file: 'src/stores/postgres/statements/change.ts',
    text: "'WHERE entry.target_id IN (SELECT id::text FROM gone)'",
    put: "''",
    tests: [[postgres, 'audit: a retry, a change and a deletion']]
  },
  {
    name: 'audit-of-paused-queues-in-postgres',
    promise: 'A queue that is as it is to be already has no further entry.',
    file: 'src/stores/postgres/statements/operate.ts',
    text: "'WHERE EXISTS (SELECT FROM changed)'",
    put: "''",
    tests: [[postgres, 'audit: a queue that is paused already']]
  },
  {
    name: 'audit-of-written-schedules-in-postgres',
    promise: 'Of many changes of schedules only those that were written have an entry.',
    file: 'src/stores/postgres/statements/schedules.ts',
    text: "'JOIN done ON done.written IS NULL OR entry.target_id = ANY (done.written)'",
    put: "'JOIN done ON true'",
    tests: [[postgres, 'audit: of many schedules']]
  },
  {
    name: 'audit-of-paused-queues-in-sqlite',
    promise: 'A queue that is as it is to be already has no further entry.',
    file: 'src/stores/sqlite/statements/operate.ts',
    text: '? connection.prepare(PAUSE).run(queue, now())',
    put: '? (connection.prepare(PAUSE).run(queue, now()), { changes: 1 })',
    tests: [[sqlite, 'audit: a queue that is paused already']]
  },
  {
    name: 'audit-shows-no-payload',
    promise: 'The audit says that a payload was changed, and nothing of what is in it.',
    file: 'src/core/access/changed-schedule.ts',
    text: '  return rest\n',
    put: '  return { ...definition }\n',
    tests: [[operations, 'never shows a payload']]
  },
  {
    name: 'audit-names-the-person-of-many',
    promise: 'What one call does to many jobs has the person who called it, and one id in common.',
    file: 'src/operations/many-jobs.ts',
    text: 'await operator.retryAs(stamp, id)',
    put: 'await operator.retry(id)',
    tests: [[operations, 'ties together']]
  },
  {
    name: 'refused-attempts-wait-for-one-write',
    promise: 'However many attempts are refused at once, they are one write.',
    file: 'src/operations/access/refused-attempts.ts',
    text: 'this.#writing ??= this.#write()',
    put: 'this.#writing = this.#write()',
    tests: [['tests/operations/access/refused-attempts.test.ts', 'are counted per address']]
  },
  {
    name: 'refused-attempts-are-bounded',
    promise: 'Attempts from ever more addresses do not fill the memory or the books.',
    file: 'src/operations/access/refused-attempts.ts',
    text: 'this.#entries.has(key) || this.#entries.size < MAX_ENTRIES',
    put: 'this.#entries.size >= 0',
    tests: [['tests/operations/access/refused-attempts.test.ts', 'share an entry']]
  }
]
