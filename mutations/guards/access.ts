import type { Guard } from '../guard.ts'

const memory = 'tests/stores/memory/store.test.ts'
const sqlite = 'tests/stores/sqlite/conformance.test.ts'
const postgres = 'tests/stores/postgres/conformance.test.ts'
const sessions = 'tests/http/session.test.ts'
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
    name: 'token-revoked-once-in-sqlite',
    promise: 'A token that was revoked stays revoked since then.',
    file: 'src/stores/sqlite/statements/tokens.ts',
    text: 'SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
    put: 'SET revoked_at = ? WHERE id = ?',
    tests: [[sqlite, 'tokens: one is made']]
  },
  {
    name: 'token-revoked-once-in-postgres',
    promise: 'A token that was revoked stays revoked since then.',
    file: 'src/stores/postgres/statements/tokens.ts',
    text: 'WHERE id = $1 AND revoked_at IS NULL RETURNING id',
    put: 'WHERE id = $1 RETURNING id',
    tests: [[postgres, 'tokens: one is made']]
  },
  {
    name: 'token-touched-once-a-minute-in-sqlite',
    promise: 'The use of a token is written at most once a minute.',
    file: 'src/stores/sqlite/statements/tokens.ts',
    text: '(last_used_at IS NULL OR last_used_at <= ?)',
    put: '(last_used_at IS NULL OR ? > 0)',
    tests: [[sqlite, 'tokens: a use is written']]
  },
  {
    name: 'token-touched-once-a-minute-in-postgres',
    promise: 'The use of a token is written at most once a minute.',
    file: 'src/stores/postgres/statements/tokens.ts',
    text: ' AND (last_used_at IS NULL OR last_used_at <= clock.now - ${TOUCH_EVERY_MS})',
    put: '',
    tests: [[postgres, 'tokens: a use is written']]
  },
  {
    name: 'session-of-a-valid-token-in-memory',
    promise: 'No session begins with a token that is unknown, revoked or has expired.',
    file: 'src/stores/memory/access/sessions.ts',
    text: "(token !== undefined && stateOfToken(token, now) === 'valid')",
    put: 'token !== undefined',
    tests: [[memory, 'sessions: none of a token']]
  },
  {
    name: 'session-of-a-valid-token-in-sqlite',
    promise: 'No session begins with a token that is unknown, revoked or has expired.',
    file: 'src/stores/sqlite/statements/sessions.ts',
    text: "(token === undefined || stateOfToken(token, at) !== 'valid')",
    put: 'token === undefined',
    tests: [[sqlite, 'sessions: none of a token']]
  },
  {
    name: 'session-of-a-valid-token-in-postgres',
    promise: 'No session begins with a token that is unknown, revoked or has expired.',
    file: 'src/stores/postgres/statements/sessions.ts',
    text: ' AND revoked_at IS NULL AND coalesce(expires_at > now, true)',
    put: '',
    tests: [[postgres, 'sessions: none of a token']]
  },
  {
    name: 'session-ends-with-its-token-in-sqlite',
    promise: 'A session is revoked with the token that began it.',
    file: 'src/stores/sqlite/statements/sessions.ts',
    text: 'min(coalesce(session.revoked_at, token.revoked_at), coalesce(token.revoked_at, session.revoked_at))',
    put: 'session.revoked_at',
    tests: [[sqlite, 'sessions: one ends with its token']]
  },
  {
    name: 'session-ends-with-its-token-in-postgres',
    promise: 'A session is revoked with the token that began it.',
    file: 'src/stores/postgres/statements/sessions.ts',
    text: 'least(session.revoked_at, token.revoked_at)',
    put: 'session.revoked_at',
    tests: [[postgres, 'sessions: one ends with its token']]
  },
  {
    name: 'session-ends-with-its-token-in-memory',
    promise: 'A session is revoked with the token that began it.',
    file: 'src/stores/memory/access/sessions.ts',
    text: 'earliest(session.revokedAt, token.revokedAt)',
    put: 'earliest(session.revokedAt, undefined)',
    tests: [[memory, 'sessions: one ends with its token']]
  },
  {
    name: 'secret-is-compared',
    promise: 'A token is proven by its secret, not by its id.',
    file: 'src/operations/access/secrets.ts',
    text: 'known.length === presented.length && timingSafeEqual(presented, known)',
    put: 'known.length === presented.length',
    tests: [['tests/operations/access/secrets.test.ts'], ['tests/operations/access/tokens.test.ts', 'are refused']]
  },
  {
    name: 'revoked-token-is-refused',
    promise: 'A token that is revoked or has expired proves nobody.',
    file: 'src/operations/access/tokens.ts',
    text: "if (stateOfToken(token, now) !== 'valid') return undefined",
    put: '',
    tests: [['tests/operations/access/tokens.test.ts', 'are refused once revoked']]
  },
  {
    name: 'ended-session-is-refused',
    promise: 'A session that was revoked or has expired is nobody.',
    file: 'src/operations/access/sessions.ts',
    text: "session !== undefined && stateOfToken(session, clock.now()) === 'valid' ? session : undefined",
    put: 'session',
    tests: [['tests/operations/access/sessions.test.ts', 'are known by their id']]
  },
  {
    name: 'refused-attempts-wait-for-one-write',
    promise: 'However many attempts are refused while a write is under way, they are one further write.',
    file: 'src/operations/access/refused-attempts.ts',
    text: 'this.#writing ??= this.#write()',
    put: 'this.#writing = this.#write()',
    tests: [['tests/operations/access/refused-attempts.test.ts', 'that come while a write']]
  },
  {
    name: 'refused-attempts-are-bounded',
    promise: 'Attempts from ever more addresses do not fill the memory or the books.',
    file: 'src/operations/access/refused-attempts.ts',
    text: 'this.#entries.has(key) || this.#entries.size < MAX_ENTRIES',
    put: 'this.#entries.size >= 0',
    tests: [['tests/operations/access/refused-attempts.test.ts', 'share an entry']]
  },
  {
    name: 'csrf-token-is-compared',
    promise: 'A change with the cookie of a session presents what only its pages know.',
    file: 'src/http/session/forgery.ts',
    text: 'return isMeant ? undefined : refused(',
    put: 'return isMeant || !isMeant ? undefined : refused(',
    tests: [[sessions, 'takes no cookie alone']]
  },
  {
    name: 'csrf-other-sites-are-refused',
    promise: 'A change that another site made a browser send is refused.',
    file: 'src/http/session/forgery.ts',
    text: "if (site !== null && site !== 'same-origin') return",
    put: "if (site === 'nothing') return",
    tests: [[sessions, 'takes no cookie alone']]
  },
  {
    name: 'csrf-guard-asks',
    promise: 'Every change by a session goes through the check against forgery.',
    file: 'src/http/guard.ts',
    text: '(caller?.session && forgery(request, caller.session))',
    put: '(caller?.session && forgery(new Request(request.url), caller.session))',
    tests: [[sessions, 'takes no cookie alone']]
  },
  {
    name: 'session-cannot-prolong-itself',
    promise: 'Only a token begins a session.',
    file: 'src/http/guard.ts',
    text: 'wanted.takesCookie === false',
    put: "wanted.targetId === ''",
    tests: [[sessions, 'is not prolonged by itself']]
  },
  {
    name: 'session-bound-to-configured-token',
    promise: 'A session that began with the configured token ends as that is changed.',
    file: 'src/operations/access/sessions.ts',
    text: 'hashOfSecret(boundTo === undefined ? id : derivedSecret(id, boundTo))',
    put: "hashOfSecret(boundTo === undefined ? id : derivedSecret(id, ''))",
    tests: [[sessions, 'of the configured token']]
  }
]
