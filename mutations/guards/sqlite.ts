import type { Guard } from '../guard.ts'

const tests = 'tests/stores/sqlite/conformance.test.ts'

/** The books in one file. */
export const sqliteGuards: readonly Guard[] = [
  {
    name: 'sqlite-fence-of-a-success',
    promise: 'Only the latest attempt can complete a job that leaves nothing behind.',
    file: 'src/stores/sqlite/statements/complete.ts',
    text: "WHERE id = ? AND fence = ? AND is_plain = 1'",
    put: "WHERE id = ? AND ? > 0 AND is_plain = 1'",
    tests: [[tests, 'of an attempt whose job was']]
  },
  {
    name: 'sqlite-fence-of-a-kept-success',
    promise: 'Only the latest attempt can complete a job that is kept.',
    file: 'src/stores/sqlite/statements/complete.ts',
    text: 'running.fence = ? AND keep_ms',
    put: '? > 0 AND keep_ms',
    tests: [
      [tests, 'settle answers:'],
      [tests, 'fencing: ']
    ]
  },
  {
    name: 'sqlite-fence-of-another-end',
    promise: 'Only the latest attempt can fail a job or give it back.',
    file: 'src/stores/sqlite/statements/settle.ts',
    text: 'WHERE id = ? AND fence = ? RETURNING',
    put: 'WHERE id = ? AND ? > 0 RETURNING',
    tests: [[tests, 'of an attempt whose job was']]
  },
  {
    name: 'sqlite-fence-of-progress',
    promise: 'Only the latest attempt can save its progress.',
    file: 'src/stores/sqlite/statements/attempts.ts',
    text: 'WHERE id = escapement_job.id AND fence = ?)',
    put: 'WHERE id = escapement_job.id AND ? > 0)',
    tests: [[tests, 'fencing: ']]
  },
  {
    name: 'sqlite-fence-of-a-start',
    promise: 'Only the latest attempt can begin an at-most-once job.',
    file: 'src/stores/sqlite/statements/attempts.ts',
    text: 'coalesce(started_at, ?) WHERE id = ? AND fence = ?',
    put: 'coalesce(started_at, ?) WHERE id = ? AND ? > 0',
    tests: [[tests, 'fencing: ']]
  },
  {
    name: 'sqlite-fence-grows',
    promise: 'A fence is greater than all before it, over all connections.',
    file: 'src/stores/sqlite/statements/claim.ts',
    text: 'SET last_fence = last_fence + ? RETURNING last_fence',
    put: 'SET last_fence = ? RETURNING last_fence',
    tests: [[tests, 'fences:']]
  },
  {
    name: 'sqlite-compare-and-set',
    promise: 'A decision is written only if `decidedUntil` is still what was read.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: 'WHERE id = ? AND decided_until = ? AND revision',
    put: 'WHERE id = ? AND ? IS NOT NULL AND revision',
    tests: [[tests, 'compare-and-set: refused when']]
  },
  {
    name: 'sqlite-compare-the-zone-data',
    promise: 'A decision read before the next fire time was computed anew is a conflict.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: 'AND timezone_data IS ? AND',
    put: 'AND (timezone_data IS ? OR TRUE) AND',
    tests: [[tests, 'zone data: a decision read before']]
  },
  {
    name: 'sqlite-compare-the-jobs-created',
    promise: 'A decision read before a run by hand is a conflict.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: 'AND jobs_created = ? AND',
    put: 'AND ? IS NOT NULL AND',
    tests: [
      [tests, 'retry: a decision that was read before it'],
      [tests, 'compare-and-set: ']
    ]
  },
  {
    name: 'sqlite-ledger-key',
    promise: 'The ledger has one row per schedule and fire time.',
    file: 'src/stores/sqlite/migrations/001_books.ts',
    text: '  PRIMARY KEY (schedule_id, fire_at)\n) WITHOUT ROWID;\nCREATE INDEX escapement_ledger_age',
    put: '  spare INTEGER\n);\nCREATE INDEX escapement_ledger_age',
    tests: [[tests, 'ledger: a fire time that is decided already is a conflict']]
  },
  {
    name: 'sqlite-conflict-takes-back',
    promise: 'A conflict takes back all that its write alone had written.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: "if (takenBack === undefined) connection.prepare('ROLLBACK TO one_schedule').run()\n    else",
    put: 'if (takenBack !== undefined)',
    tests: [
      [tests, 'compare-and-set: '],
      [tests, 'ledger: ']
    ]
  },
  {
    name: 'sqlite-take-back-of-an-undecide',
    promise: 'Rows whose run ends later than now give way to those of an undecide, and no others.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: 'WHERE schedule_id = ? AND last_fire_at > ?\n',
    put: 'WHERE schedule_id = ? AND last_fire_at >= ?\n',
    tests: [[tests, 'undecide: a run that ends at that very instant']]
  },
  {
    name: 'sqlite-unique-key',
    promise: 'At most one unfinished job of a task holds a unique key.',
    file: 'src/stores/sqlite/migrations/001_books.ts',
    text: 'CREATE UNIQUE INDEX escapement_job_unique',
    put: 'CREATE INDEX escapement_job_unique',
    tests: [[tests, 'unique key: a second live job of the task is refused']]
  },
  {
    name: 'sqlite-finished-id-is-known',
    promise: 'A job that is sent again after its end is left as it is.',
    file: 'src/stores/sqlite/statements/enqueue.ts',
    text: 'WHERE NOT EXISTS (SELECT 1 FROM escapement_finished WHERE id = ?)',
    put: 'WHERE ? IS NOT NULL',
    tests: [[tests, 'enqueue: a job sent again while it runs, or after its end']]
  },
  {
    name: 'sqlite-past-is-now',
    promise: 'An instant in the past is read as now.',
    file: 'src/stores/sqlite/statements/enqueue.ts',
    text: 'const runAt = isDue ? at : job.runAt',
    put: 'const runAt = job.runAt',
    tests: [[tests, 'enqueue: an instant in the past is read as now']]
  },
  {
    name: 'sqlite-claim-order',
    promise: 'Jobs are claimed by priority before `runAt`, over all lanes.',
    file: 'src/stores/sqlite/statements/wanted.ts',
    text: 'return a.priority < b.priority',
    put: 'return a.runAt < b.runAt',
    tests: [
      [tests, 'claim order: '],
      [tests, 'many lanes: ']
    ]
  },
  {
    name: 'sqlite-aging',
    promise: 'A job that has waited long enough goes before more urgent ones.',
    file: 'src/stores/sqlite/statements/wanted.ts',
    text: '(agingMs ?? 0) * (a.priority - b.priority) + a.runAt - b.runAt',
    put: '(agingMs ?? 0) * (a.priority - b.priority)',
    tests: [[tests, 'aging: ']]
  },
  {
    name: 'sqlite-solo-jobs-run-alone',
    promise: 'A job that was rescued once waits apart, and is claimed alone.',
    file: 'src/stores/sqlite/statements/claim.ts',
    text: 'const taken = solo === undefined ? takeReady(books, wanted, limit) : [solo]',
    put: 'const taken = solo === undefined ? takeReady(books, wanted, limit) : [solo, ...takeReady(books, wanted, limit - 1)]',
    tests: [[tests, 'solo jobs: an idle node takes one, alone']]
  },
  {
    name: 'sqlite-paused-queue',
    promise: 'Nothing is claimed from a paused queue, though it be named.',
    file: 'src/stores/sqlite/statements/wanted.ts',
    text: 'request.queues.filter(queue => !paused.some(([each]) => each === queue))',
    put: 'request.queues',
    tests: [[tests, 'claim: not from a paused queue']]
  },
  {
    name: 'sqlite-rescue-of-the-dead-only',
    promise: 'No job is taken from a node that is alive.',
    file: 'src/stores/sqlite/statements/rescue.ts',
    text: "WHERE node NOT IN (SELECT id FROM escapement_node WHERE phase = 'alive') LIMIT ?",
    put: 'LIMIT ?',
    tests: [[tests, 'rescue: never from a node that is alive']]
  },
  {
    name: 'sqlite-rescue-is-counted',
    promise: 'Each rescue of a job is counted, and it is a solo job from the first on.',
    file: 'src/stores/sqlite/statements/rescue.ts',
    text: 'rescues = rescues + 1, fence',
    put: 'rescues = rescues, fence',
    tests: [[tests, 'rescue: the job is free again']]
  },
  {
    name: 'sqlite-report-repeats',
    promise: 'Another outcome under the same fence is stale, the same one is accepted.',
    file: 'src/stores/sqlite/statements/settle.ts',
    text: 'last[0] === fence && last[1] === outcomeCodes[outcome.kind]',
    put: 'last[0] === fence',
    tests: [[tests, 'settle answers: another outcome under the same fence']]
  },
  {
    name: 'sqlite-failures-are-charged',
    promise: 'A failure is charged against `maxAttempts`, a give-back is not.',
    file: 'src/stores/sqlite/statements/settle.ts',
    text: "(outcome.kind === 'failed' ? 1 : 0)",
    put: '1',
    tests: [[tests, 'settle: a job given back is free at once']]
  },
  {
    name: 'sqlite-lost-is-never-revived',
    promise: 'A node that was declared lost never renews again.',
    file: 'src/stores/sqlite/statements/nodes.ts',
    text: "vitals = coalesce(?, vitals) WHERE id = ? AND phase = 'alive'\"",
    put: 'vitals = coalesce(?, vitals) WHERE id = ?"',
    tests: [[tests, 'loss: a lost identity never comes back']]
  },
  {
    name: 'sqlite-lost-by-its-counter',
    promise: 'A node is declared lost only by the counter that was seen to stand still.',
    file: 'src/stores/sqlite/statements/nodes.ts',
    text: "AND phase = 'alive' AND counter = ?",
    put: "AND phase = 'alive' AND ? IS NOT NULL",
    tests: [[tests, 'loss: only by the counter']]
  },
  {
    name: 'sqlite-boots-end-the-former',
    promise: 'Another boot of a host ends the nodes of the former.',
    file: 'src/stores/sqlite/statements/nodes.ts',
    text: 'if (Number(changes) > 0) connection.prepare(LOSE_EARLIER_BOOTS)',
    put: 'if (Number(changes) > 1) connection.prepare(LOSE_EARLIER_BOOTS)',
    tests: [[tests, 'boots: another boot of the host']]
  },
  {
    name: 'sqlite-term',
    promise: 'Nothing is written in the name of a term that is not the current one.',
    file: 'src/stores/sqlite/statements/seats.ts',
    text: 'seat = ? AND term = ? AND holder IS NOT NULL',
    put: 'seat = ? AND ? > 0',
    tests: [[tests, 'seats: nothing is written in the name of a term']]
  },
  {
    name: 'sqlite-terms-grow',
    promise: 'Terms of a seat only grow.',
    file: 'src/stores/sqlite/statements/seats.ts',
    text: ' AND excluded.term > seat.term',
    put: '',
    tests: [[tests, 'seats: terms only grow']]
  },
  {
    name: 'sqlite-resign-by-the-holder-only',
    promise: 'A late resignation takes nothing from the next holder.',
    file: 'src/stores/sqlite/statements/seats.ts',
    text: 'SET holder = NULL WHERE seat = ? AND term = ? AND holder = ?',
    put: 'SET holder = NULL WHERE seat = ? AND ? > 0 AND ? IS NOT NULL',
    tests: [
      [tests, 'seats: a late resignation'],
      [tests, 'seats: who lost the race']
    ]
  },
  {
    name: 'sqlite-transaction-is-fenced',
    promise: 'The body of a transaction runs only if its attempt is the current one.',
    file: 'src/stores/sqlite/statements/transact.ts',
    text: "if (!completer(books)(attempt, undefined)) return 'stale'",
    put: 'completer(books)(attempt, undefined)',
    tests: [
      [tests, 'transaction: a second one writes nothing'],
      [tests, 'fencing: ']
    ]
  },
  {
    name: 'sqlite-transaction-is-not-ended-by-the-app',
    promise: 'A body that commits the transaction it was lent is refused.',
    file: 'src/stores/sqlite/statements/transact.ts',
    text: '    releaseGuard(connection)\n',
    put: '',
    tests: [['tests/stores/sqlite/transact.test.ts']]
  },
  {
    name: 'sqlite-prune-remembers',
    promise: 'It is known until when the ledger may have gaps.',
    file: 'src/stores/sqlite/statements/prune.ts',
    text: 'SET ledger_pruned_until = max(coalesce(ledger_pruned_until, ?), ?)',
    put: 'SET ledger_pruned_until = coalesce(?, ?)',
    tests: [[tests, 'prune: what is known of gaps']]
  },
  {
    name: 'sqlite-hasten',
    promise: 'After a clock that ran ahead a delay is counted from now on, and a `runAt` that was asked for stays.',
    file: 'src/stores/sqlite/statements/hasten.ts',
    text: 'state = 0 AND snoozed_at IS NULL AND origin = ${DELAYED} AND',
    put: 'state = 0 AND snoozed_at IS NULL AND',
    tests: [[tests, 'hasten: a delay is counted from now on']]
  }
]
