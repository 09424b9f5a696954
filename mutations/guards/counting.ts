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
    text: '    else counted.push(...countsOfDecisions(write.ledger, takenBack))',
    put: '    counted.push(...countsOfDecisions(write.ledger, takenBack ?? []))',
    tests: [[sqlite, 'a refused write counts nothing']]
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
  }
]
