import type { Guard } from '../guard.ts'

const memory = 'tests/stores/memory/store.test.ts'
const sqlite = 'tests/stores/sqlite/conformance.test.ts'
const postgres = 'tests/stores/postgres/conformance.test.ts'

/** What the books count, so that nobody has to count rows. */
export const countingGuards: readonly Guard[] = [
  {
    name: 'undecided-is-counted',
    promise: 'What an undecide takes back is counted, so that the totals are what the ledger has.',
    file: 'src/core/counts/total.ts',
    text: 'for (const row of takenBack) add(row, -row.count)',
    put: 'for (const row of takenBack) add(row, 0)',
    tests: [[memory, 'less what was undecided']]
  },
  {
    name: 'totals-never-go-down',
    promise: 'A total never goes down.',
    file: 'src/core/counts/total.ts',
    text: "kind: n > 0 ? 'fire' : 'undecided', name: '', outcome, n: Math.abs(n) }",
    put: "kind: 'fire', name: '', outcome, n }",
    tests: [[memory, 'none goes down at an undecide']]
  },
  {
    name: 'sqlite-refused-write-counts-nothing',
    promise: 'Fire times of a write that was refused are not counted.',
    file: 'src/stores/sqlite/statements/schedules.ts',
    text: '    else if (takenBack.length === 0) decided.push(',
    put: '    if (takenBack === undefined || takenBack.length === 0) decided.push(',
    tests: [[sqlite, 'a refused write counts nothing']]
  },
  {
    name: 'sqlite-imported-ledger-is-counted',
    promise: 'The fire times of a ledger that is imported are counted.',
    file: 'src/stores/sqlite/statements/import-part.ts',
    text: '  addToTotals(books, countsOfImported(part.records.ledger ?? []))\n',
    put: '',
    tests: [[sqlite, 'those of an imported ledger are counted']]
  },
  {
    name: 'sqlite-fold-adds',
    promise: 'The totals of nodes that are gone are added to those of earlier ones.',
    file: 'src/stores/sqlite/statements/counts.ts',
    text: 'DO UPDATE SET n = n + excluded.n',
    put: 'DO UPDATE SET n = excluded.n',
    tests: [[sqlite, 'the sum stays when nodes are pruned']]
  },
  {
    name: 'postgres-decisions-are-counted',
    promise: 'The fire times of each decision are added to the totals.',
    file: 'src/stores/postgres/routines/write-schedules.ts',
    text: 'DO UPDATE SET n = total.n + excluded.n',
    put: 'DO UPDATE SET n = excluded.n',
    tests: [[postgres, 'the sum stays when nodes are pruned']]
  },
  {
    name: 'postgres-undecided-is-counted',
    promise: 'What an undecide takes back is counted on PostgreSQL too.',
    file: 'src/stores/postgres/routines/write-schedules.ts',
    text: '-sum(count) AS n FROM gone',
    put: '0 AS n FROM gone',
    tests: [[postgres, 'less what was undecided']]
  },
  {
    name: 'postgres-fold-adds',
    promise: 'On PostgreSQL, too, the totals of nodes that are gone are added to those of earlier ones.',
    file: 'src/stores/postgres/statements/counts.ts',
    text: 'DO UPDATE SET n = total.n + excluded.n',
    put: 'DO UPDATE SET n = excluded.n',
    tests: [[postgres, 'the sum stays when nodes are pruned']]
  },
  {
    name: 'memory-health-is-kept',
    promise: 'How an attempt of a schedule ended is kept.',
    file: 'src/core/counts/health.ts',
    text: "if (state === 'retryable') return { ...health, failuresInRow: health.failuresInRow + 1 }",
    put: "if (state === 'retryable') return health",
    tests: [[memory, 'health: each failed attempt counts']]
  },
  {
    name: 'sqlite-success-is-noted',
    promise: 'A success of a job of a schedule is noted with its completion.',
    file: 'src/stores/sqlite/statements/complete.ts',
    text: 'if (scheduleId !== null) noteSuccess(',
    put: "if (scheduleId === '') noteSuccess(",
    tests: [[sqlite, 'health: a success ends the failures']]
  },
  {
    name: 'sqlite-job-of-a-schedule-is-not-plain',
    promise: 'A dropped job of a schedule is looked at when it completes, for its health.',
    file: 'src/stores/sqlite/statements/claim.ts',
    text: ' && scheduleId === null) return 1',
    put: ') return 1',
    tests: [[sqlite, 'health: a success ends the failures, of a job']]
  },
  {
    name: 'sqlite-failures-add-up',
    promise: 'Failures in a row are counted.',
    file: 'src/stores/sqlite/statements/health.ts',
    text: 'failures = failures + excluded.failures',
    put: 'failures = excluded.failures',
    tests: [[sqlite, 'health: each failed attempt counts']]
  },
  {
    name: 'postgres-failures-add-up',
    promise: 'On PostgreSQL, too, failures in a row are counted.',
    file: 'src/stores/postgres/routines/finish.ts',
    text: 'failures = health.failures + excluded.failures',
    put: 'failures = excluded.failures',
    tests: [[postgres, 'health: each failed attempt counts']]
  },
  {
    name: 'postgres-dropped-success-is-noted',
    promise: 'The success of a job of a schedule is noted where the job leaves nothing behind.',
    file: 'src/stores/postgres/routines/settle.ts',
    text: ' AND schedule_id IS NULL RETURNING job.id)',
    put: ' RETURNING job.id)',
    tests: [[postgres, 'health: a success ends the failures, of a job']]
  },
  {
    name: 'postgres-success-in-a-transaction-is-noted-last',
    promise: 'Nobody waits for the health of a schedule while the app works in a transaction.',
    file: 'src/stores/postgres/statements/transact.ts',
    text: '    const result = await runBody(tx, body)',
    put: '    await noteCompleted(books, tx, completed)\n    const result = await runBody(tx, body)',
    tests: [['tests/stores/postgres/transact.test.ts', 'other jobs of its schedule end without waiting']]
  },
  {
    name: 'removed-schedule-has-no-health',
    promise: 'A removed schedule does not fail.',
    file: 'src/stores/postgres/statements/health.ts',
    text: "AND phase <> 'removed')",
    put: ')',
    tests: [[postgres, 'failing: no schedule that is removed']]
  },
  {
    name: 'sqlite-report-counts-once',
    promise: 'A report of a node that is repeated or late counts once.',
    file: 'src/stores/sqlite/statements/counts.ts',
    text: 'n = max(n, excluded.n)',
    put: 'n = n + excluded.n',
    tests: [[sqlite, 'totals of jobs: a report that is repeated']]
  },
  {
    name: 'sqlite-tally-counts-once',
    promise: 'A tally of a node that is repeated or late counts once.',
    file: 'src/stores/sqlite/statements/tally.ts',
    text: '${column} = max(${column}, excluded.${column})',
    put: '${column} = excluded.${column}',
    tests: [[sqlite, 'tally: a report that is repeated']]
  },
  {
    name: 'postgres-report-counts-once',
    promise: 'On PostgreSQL, too, a report that is repeated or late counts once.',
    file: 'src/stores/postgres/statements/counts.ts',
    text: 'n = greatest(total.n, excluded.n)',
    put: 'n = excluded.n',
    tests: [[postgres, 'totals of jobs: a report that is repeated']]
  },
  {
    name: 'postgres-report-of-a-lost-node',
    promise: 'A node that is lost writes no counts.',
    file: 'src/stores/postgres/statements/counts.ts',
    text: 'new.n FROM renewed, json_to_recordset',
    put: 'new.n FROM json_to_recordset',
    tests: [[postgres, 'totals of jobs: of a node that is lost']]
  },
  {
    name: 'postgres-tally-of-a-lost-node',
    promise: 'A node that is lost writes no tally.',
    file: 'src/stores/postgres/statements/tally.ts',
    text: 'FROM renewed, json_to_recordset',
    put: 'FROM json_to_recordset',
    tests: [[postgres, 'tally: of a node that is lost']]
  },
  {
    name: 'live-node-is-not-folded',
    promise: 'What a node that lives has counted is not added to the sum of those that are gone.',
    file: 'src/stores/sql/gone-nodes.ts',
    text: 'AND NOT EXISTS (SELECT 1 FROM ${nodes} WHERE id = each.node) LIMIT',
    put: 'AND ${nodes.length} > 0 LIMIT',
    tests: [[sqlite, 'a node that lives is not folded']]
  },
  {
    name: 'roll-up-adds',
    promise: 'A span that is rolled up in several batches has the sum of all of them.',
    file: 'src/stores/sqlite/statements/tally.ts',
    text: '${column} = ${column} + excluded.${column}',
    put: '${column} = excluded.${column}',
    tests: [[sqlite, 'tally: in batches']]
  },
  {
    name: 'postgres-roll-up-adds',
    promise: 'On PostgreSQL, too, a span has the sum of all batches.',
    file: 'src/stores/postgres/statements/tally.ts',
    text: '${column} = tally.${column} + excluded.${column}',
    put: '${column} = excluded.${column}',
    tests: [[postgres, 'tally: in batches']]
  },
  {
    name: 'only-whole-spans-are-rolled-up',
    promise: 'A span is rolled up only when all of it is old enough.',
    file: 'src/core/counts/tally.ts',
    text: 'before: spanStart(now - ageMs, spanMs)',
    put: 'before: now - ageMs',
    tests: [[memory, 'tally: by 10 minutes after a day']]
  },
  {
    name: 'unconfirmed-counts-are-sent-again',
    promise: 'What a renewal that failed was to write, the next one writes.',
    file: 'src/runtime/membership.ts',
    text: 'const report = gatherer.report()\n    const renewal',
    put: 'const report = gatherer.report()\n    if (report !== undefined) gatherer.confirm(report)\n    const renewal',
    tests: [['tests/runtime/membership.test.ts'], ['tests/runtime/counts/gatherer.test.ts']]
  },
  {
    name: 'new-identity-counts-from-zero',
    promise: 'A new identity does not report what an earlier one has reported.',
    file: 'src/runtime/counts/gatherer.ts',
    text: '    this.#totals.clear()\n',
    put: '',
    tests: [['tests/runtime/counts/gatherer.test.ts', 'made up for by the next identity']]
  },
  {
    name: 'stop-writes-what-was-counted',
    promise: 'A node that stops writes what it has counted.',
    file: 'src/runtime/membership.ts',
    text: 'if (wasMember && report !== undefined) await store.renew(this.#id, report)',
    put: 'if (wasMember && report !== undefined) await Promise.resolve()',
    tests: [['tests/runtime/counts/gatherer.test.ts', 'the last thing that a node does']]
  },
  {
    name: 'a-vacant-seat-is-no-takeover',
    promise: 'A seat that was resigned before it was taken is not counted as a takeover.',
    file: 'src/stores/sqlite/statements/seats.ts',
    text: 'AND counter = ? AND holder IS NOT NULL',
    put: 'AND counter = ?',
    tests: [[sqlite, 'seats: what is taken from a holder']]
  },
  {
    name: 'postgres-vacant-seat-is-no-takeover',
    promise: 'The same on PostgreSQL.',
    file: 'src/stores/postgres/statements/seats.ts',
    text: 'AND counter = $9 AND holder IS NOT NULL',
    put: 'AND counter = $9',
    tests: [[postgres, 'seats: what is taken from a holder']]
  },
  {
    name: 'a-bucket-is-reported-once',
    promise: 'What a renewal has written of a histogram is not added again with the next one of the same minute.',
    file: 'src/runtime/counts/gatherer.ts',
    text: 'fresh.waits[bucket]! - (before?.waits[bucket] ?? 0)',
    put: 'fresh.waits[bucket]!',
    tests: [['tests/runtime/counts/gatherer.test.ts', 'histograms']]
  }
]
