import type { Guard } from '../guard.ts'

const tests = 'tests/stores/postgres/conformance.test.ts'

/** The books in a schema of PostgreSQL. */
export const postgresGuards: readonly Guard[] = [
  {
    name: 'postgres-fence',
    promise: 'Only the latest attempt can report on a job that is a row.',
    file: 'src/stores/postgres/routines/settle.ts',
    text: 'job.fence = ${attempt}.fence AND job.place',
    put: '${attempt}.fence > 0 AND job.place',
    tests: [[tests, 'of an attempt whose job was']]
  },
  {
    name: 'postgres-only-running-is-settled',
    promise: 'Only a job that runs can be reported on.',
    file: 'src/stores/postgres/routines/settle.ts',
    text: ' AND job.place + 0 < 0`',
    put: '`',
    tests: [[tests, 'settle answers: ']]
  },
  {
    name: 'postgres-ends-as-it-was-read',
    promise: 'An attempt that was asked to end since it was read is not ended as if it had not been.',
    file: 'src/stores/postgres/routines/settle.ts',
    text: "DELETE FROM job USING ending WHERE ${isCurrent('ending')} AND ${SEEN} AND",
    put: "DELETE FROM job USING ending WHERE ${isCurrent('ending')} AND",
    tests: [['tests/stores/postgres/settle.test.ts', 'between the look at an attempt and the write of its end']]
  },
  {
    name: 'postgres-packed-attempts-end-once',
    promise: 'A job of a pack is ended once.',
    file: 'src/stores/postgres/routines/pack.ts',
    text: "AND attempt.id = held[${positionOf('fence')}]\n        AND get_bit(each.gone, ${positionOf('fence')} - 1) = 0)",
    put: "AND attempt.id = held[${positionOf('fence')}])",
    tests: [['tests/stores/postgres/packs.test.ts']]
  },
  {
    name: 'postgres-compare-and-set',
    promise: 'A decision is written only if `decidedUntil` is still what was read.',
    file: 'src/stores/postgres/routines/write-schedules.ts',
    text: 'schedule.decided_until = new.was_decided_until AND',
    put: '',
    tests: [[tests, 'compare-and-set: refused when']]
  },
  {
    name: 'postgres-compare-the-jobs-created',
    promise: 'A decision read before a run by hand is a conflict.',
    file: 'src/stores/postgres/routines/write-schedules.ts',
    text: 'AND schedule.jobs_created = new.was_jobs_created AND',
    put: 'AND',
    tests: [[tests, 'retry: a decision that was read before it']]
  },
  {
    name: 'postgres-ledger-key',
    promise: 'The ledger has one row per schedule and fire time.',
    file: 'src/stores/postgres/migrations/001_books.ts',
    text: '  PRIMARY KEY (schedule_id, fire_at)\n',
    put: '  CHECK (count > 0)\n',
    tests: [[tests, 'ledger: a fire time that is decided already is a conflict']]
  },
  {
    name: 'postgres-unique-key',
    promise: 'At most one unfinished job of a task holds a unique key.',
    file: 'src/stores/postgres/migrations/001_books.ts',
    text: 'CREATE UNIQUE INDEX job_unique',
    put: 'CREATE INDEX job_unique',
    tests: [[tests, 'unique key: a second live job of the task is refused']]
  },
  {
    name: 'postgres-claim-skips-locked',
    promise: 'Claims take disjoint jobs and wait for nobody.',
    file: 'src/stores/postgres/routines/claim.ts',
    text: 'LIMIT share FOR UPDATE SKIP LOCKED)',
    put: 'LIMIT share)',
    tests: [[tests, 'claim: many connections take disjoint jobs'], ['tests/stores/postgres/claims.test.ts']]
  },
  {
    name: 'postgres-claim-order',
    promise: 'Jobs are claimed by priority before `runAt`.',
    file: 'src/stores/postgres/routines/claim.ts',
    text: 'SELECT each, place, CASE WHEN aging IS NULL THEN priority END AS level',
    put: 'SELECT each, place, CASE WHEN aging IS NULL THEN 0 END AS level',
    tests: [[tests, 'claim order: ']]
  },
  {
    name: 'postgres-aging',
    promise: 'A job that has waited long enough goes before more urgent ones.',
    file: 'src/stores/postgres/routines/claim.ts',
    text: 'CASE WHEN aging IS NULL THEN priority END AS level',
    put: 'priority AS level',
    tests: [[tests, 'aging: ']]
  },
  {
    name: 'postgres-solo-jobs-run-alone',
    promise: 'A job that was rescued once is claimed alone.',
    file: 'src/stores/postgres/routines/claim.ts',
    text: 'is_alone := turn = 1;',
    put: 'is_alone := false;',
    tests: [[tests, 'solo jobs: ']]
  },
  {
    name: 'postgres-paused-queue',
    promise: 'Nothing is claimed from a paused queue.',
    file: 'src/stores/postgres/routines/claim.ts',
    text: 'ORDER BY run_at, id LIMIT 1) AS first ON true\n      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues))\n        AND NOT EXISTS (SELECT FROM paused_queue WHERE paused_queue.queue = lane.queue));',
    put: 'ORDER BY run_at, id LIMIT 1) AS first ON true\n      WHERE task = ANY (tasks) AND (queues IS NULL OR queue = ANY (queues)));',
    tests: [[tests, 'claim: not from a paused queue']]
  },
  {
    name: 'postgres-rescue-of-the-dead-only',
    promise: 'No job is taken from a node that is alive.',
    file: 'src/stores/postgres/statements/rescue.ts',
    text: "ON runner.node = node.id WHERE node.phase = 'alive')",
    put: "ON runner.node = node.id WHERE node.phase = 'left')",
    tests: [[tests, 'rescue: never from a node that is alive']]
  },
  {
    name: 'postgres-rescue-waits-for-nobody',
    promise: 'A job that a frozen process is completing keeps no other from being rescued.',
    file: 'src/stores/postgres/statements/rescue.ts',
    text: 'LIMIT $1 FOR UPDATE SKIP LOCKED)',
    put: 'LIMIT $1 FOR UPDATE)',
    tests: [['tests/stores/postgres/rescue-beside-held-jobs.test.ts']]
  },
  {
    name: 'postgres-lost-is-never-revived',
    promise: 'A node that was declared lost never renews again.',
    file: 'src/stores/postgres/statements/nodes.ts',
    text: "WHERE id = $1 AND phase = 'alive' RETURNING 1)",
    put: 'WHERE id = $1 RETURNING 1)',
    tests: [[tests, 'loss: a lost identity never comes back']]
  },
  {
    name: 'postgres-lost-by-its-counter',
    promise: 'A node is declared lost only by the counter that was seen to stand still.',
    file: 'src/stores/postgres/statements/nodes.ts',
    text: "AND phase = 'alive' AND counter = $2 RETURNING 1",
    put: "AND phase = 'alive' AND $2::bigint IS NOT NULL RETURNING 1",
    tests: [[tests, 'loss: only by the counter']]
  },
  {
    name: 'postgres-term',
    promise: 'Nothing is written in the name of a term that is not the current one.',
    file: 'src/stores/postgres/statements/seats.ts',
    text: 'WHERE seat = $1 AND term = $2 AND holder IS NOT NULL FOR SHARE',
    put: 'WHERE seat = $1 AND $2 > 0 AND holder IS NOT NULL FOR SHARE',
    tests: [[tests, 'seats: nothing is written in the name of a term']]
  },
  {
    name: 'postgres-term-is-locked',
    promise: 'A write in a seat’s name and a take-over at the same time have an order.',
    file: 'src/stores/postgres/statements/seats.ts',
    text: 'holder IS NOT NULL FOR SHARE',
    put: 'holder IS NOT NULL',
    tests: [['tests/stores/postgres/seats.test.ts'], [tests, 'seats: a write and a take-over']]
  },
  {
    name: 'postgres-transaction-is-fenced',
    promise: 'The body of a transaction runs only if its attempt is the current one.',
    file: 'src/stores/postgres/statements/transact.ts',
    text: "if (completed === undefined) return 'stale'",
    put: 'await completeOne(books, tx, attempt)',
    tests: [
      [tests, 'transaction: a second one writes nothing'],
      [tests, 'fencing: ']
    ]
  },
  {
    name: 'postgres-enqueue-function-checks',
    promise: 'The SQL function `enqueue` refuses what the code would refuse.',
    file: 'src/stores/postgres/routines/enqueue.ts',
    text: 'NOT BETWEEN 1 AND 200 OR',
    put: 'NOT BETWEEN 1 AND 201 OR',
    tests: [['tests/stores/postgres/enqueue-function.test.ts']]
  },
  {
    name: 'postgres-function-payload-bound',
    promise: 'The SQL function `enqueue` takes at most 1 MB of payload.',
    file: 'src/stores/postgres/routines/enqueue.ts',
    text: 'octet_length(payload_text), 0, ${MAX_JSON_BYTES})',
    put: 'octet_length(payload_text), 0, 2 * ${MAX_JSON_BYTES})',
    tests: [['tests/stores/postgres/enqueue-function.test.ts']]
  },
  {
    name: 'postgres-registration-by-release',
    promise: 'A lower release writes no registration.',
    file: 'src/stores/postgres/statements/registration.ts',
    text: 'WHERE registration.release <= excluded.release RETURNING 1),\nwrong',
    put: 'RETURNING 1),\nwrong',
    tests: [[tests, 'registration: a lower release writes nothing']]
  },
  {
    name: 'postgres-key-of-a-finished-job',
    promise: 'A finished job holds its unique key for as long as it says.',
    file: 'src/stores/postgres/routines/insert-jobs.ts',
    text: 'AND finished.unique_until > inserted_at',
    put: 'AND finished.unique_until > inserted_at AND false',
    tests: [[tests, 'unique while kept: held by a finished job']]
  },
  {
    name: 'postgres-ids-that-are-none',
    promise: 'An id that the database would refuse is unknown, and fails nothing.',
    file: 'src/stores/postgres/statements/schedules.ts',
    text: 'ids.filter(isText)',
    put: 'ids',
    tests: [[tests, 'an id that no database takes']]
  },
  {
    name: 'cursors-that-are-none',
    promise: 'What cannot be a cursor is refused before the database sees it.',
    file: 'src/store/pages/cursors.ts',
    text: 'cursor === undefined || isOurs(cursor)',
    put: 'cursor === undefined || true',
    tests: [[tests, 'what cannot be a cursor']]
  },
  {
    name: 'postgres-finished-asked-at-enqueue',
    promise: 'A job that has finished is not written again under its id.',
    file: 'src/stores/postgres/routines/insert-jobs.ts',
    text: 'IF EXISTS (SELECT FROM finished WHERE id = ANY (new_ids)) OR',
    put: 'IF',
    tests: [[tests, 'enqueue: a job sent again while it runs']]
  },
  {
    name: 'postgres-packs-asked-at-enqueue',
    promise: 'A job that runs as part of a pack is not written again under its id.',
    file: 'src/stores/postgres/routines/insert-jobs.ts',
    text: ' OR EXISTS (SELECT FROM pack WHERE greatest_id >= least_id) THEN',
    put: ' THEN',
    tests: [['tests/stores/postgres/packs.test.ts', 'are not created a second time']]
  }
]
