import type { Guard } from '../guard.ts'

const tests = 'tests/stores/memory/store.test.ts'

/** The reference store. */
export const memoryGuards: readonly Guard[] = [
  {
    name: 'memory-fence',
    promise: 'Only the latest attempt of a job can report.',
    file: 'src/stores/memory/jobs/job-rows.ts',
    text: "job?.state === 'running' && job.fence === attempt.fence",
    put: "job?.state === 'running'",
    tests: [[tests, 'settle answers: stale once the job was claimed again']]
  },
  {
    name: 'memory-fence-grows',
    promise: 'A fence is greater than all before it.',
    file: 'src/stores/memory/jobs/claims.ts',
    text: 'const fence = ++books.fence',
    put: 'const fence = (books.fence = 1)',
    tests: [[tests, 'fences:']]
  },
  {
    name: 'memory-compare-and-set',
    promise: 'A decision is written only if what it read still stands.',
    file: 'src/stores/memory/schedules.ts',
    text: 'state.decidedUntil === guard.decidedUntil &&\n    state.revision',
    put: 'state.revision',
    tests: [[tests, 'compare-and-set: refused when']]
  },
  {
    name: 'memory-ledger-key',
    promise: 'The ledger has one row per schedule and fire time, whatever the guard says.',
    file: 'src/stores/memory/schedules.ts',
    text: 'if (ledger?.has(row) !== true) return false\n  return ledger.items[ledger.indexOf(row)]!.lastFireAt <= takesBackAfter',
    put: 'return ledger === undefined && takesBackAfter < 0',
    tests: [[tests, 'ledger: a fire time that is decided already is a conflict']]
  },
  {
    name: 'memory-mark-outlives-a-decision',
    promise: 'A decision that was read before a registration does not undo the mark of an orphan.',
    file: 'src/stores/memory/schedules.ts',
    text: 'return isDecision && before.orphanedAt !== state.orphanedAt ? { ...state, orphanedAt: before.orphanedAt } : state',
    put: 'return isDecision ? state : state',
    tests: [[tests, 'orphans: they fire on']]
  },
  {
    name: 'memory-unique-key',
    promise: 'At most one unfinished job of a task holds a unique key.',
    file: 'src/stores/memory/jobs/jobs.ts',
    text: 'if (other !== undefined)\n    return {',
    put: 'if (other === job.id)\n    return {',
    tests: [[tests, 'unique key: a second live job of the task is refused']]
  },
  {
    name: 'memory-replaces-nothing-begun',
    promise: 'A job that has ever begun is not replaced.',
    file: 'src/stores/memory/jobs/jobs.ts',
    text: ' || holder.fence !== undefined) return false',
    put: ') return false',
    tests: [[tests, 'unique, replacing: not a job that has ever begun']]
  },
  {
    name: 'memory-enqueue-repeats',
    promise: 'A job that is sent again is there once.',
    file: 'src/stores/memory/jobs/jobs.ts',
    text: "if (books.jobs.has(job.id)) return { outcome: 'exists', id: job.id }",
    put: '',
    tests: [[tests, 'enqueue: a batch sent again is there once']]
  },
  {
    name: 'memory-past-is-now',
    promise: 'An instant in the past is read as now, so that no job jumps the queue.',
    file: 'src/stores/memory/jobs/job-rows.ts',
    text: 'Math.max(job.runAt, now)',
    put: 'job.runAt',
    tests: [[tests, 'enqueue: an instant in the past is read as now']]
  },
  {
    name: 'memory-claim-order',
    promise: 'Jobs are claimed by priority before `runAt`.',
    file: 'src/stores/memory/jobs/lane.ts',
    text: 'compareNumbers(a.priority, b.priority) || byDue(a, b)',
    put: 'byDue(a, b)',
    tests: [[tests, 'claim order: priority, then runAt']]
  },
  {
    name: 'memory-aging',
    promise: 'A job that has waited long enough goes before more urgent ones.',
    file: 'src/stores/memory/jobs/lane.ts',
    text: 'compareNumbers(a.runAt + a.priority * agingMs, b.runAt + b.priority * agingMs)',
    put: 'compareNumbers(a.priority * agingMs, b.priority * agingMs)',
    tests: [[tests, 'aging: a job that has waited long enough']]
  },
  {
    name: 'memory-solo-jobs-run-alone',
    promise: 'A job that was rescued once is claimed alone.',
    file: 'src/stores/memory/jobs/lane.ts',
    text: 'return job.rescues > 0 ? lane.solo : lane.ready',
    put: 'return job.rescues > 1 ? lane.solo : lane.ready',
    tests: [[tests, 'solo jobs: ']]
  },
  {
    name: 'memory-paused-queue',
    promise: 'Nothing is claimed from a paused queue.',
    file: 'src/stores/memory/jobs/claims.ts',
    text: ' &&\n  !books.pausedQueues.has(lane.queue)',
    put: '',
    tests: [[tests, 'claim: not from a paused queue']]
  },
  {
    name: 'memory-known-tasks-only',
    promise: 'A task that the node does not know is left alone.',
    file: 'src/stores/memory/jobs/claims.ts',
    text: 'request.tasks.includes(lane.task) &&',
    put: '',
    tests: [[tests, 'claim: only the tasks that the node knows']]
  },
  {
    name: 'memory-rescue-of-the-dead-only',
    promise: 'No job is taken from a node that is alive.',
    file: 'src/stores/memory/jobs/rescue.ts',
    text: "if (books.nodes.get(node)?.phase !== 'alive') stranded",
    put: 'stranded',
    tests: [[tests, 'rescue: never from a node that is alive']]
  },
  {
    name: 'memory-rescue-charges-nothing',
    promise: 'A rescue is counted, and no failure.',
    file: 'src/stores/memory/jobs/rescue.ts',
    text: 'rescues: job.rescues + 1, errors',
    put: 'rescues: job.rescues + 1, failures: job.failures + 1, errors',
    tests: [[tests, 'rescue: the job is free again, the rescue counted and no failure']]
  },
  {
    name: 'memory-report-repeats',
    promise: 'The same report again is accepted until the job is claimed anew.',
    file: 'src/stores/memory/jobs/settling.ts',
    text: "last.kind === report.outcome.kind ? 'accepted' : 'stale'",
    put: "last.kind === report.outcome.kind ? 'stale' : 'stale'",
    tests: [[tests, 'settle answers:']]
  },
  {
    name: 'memory-give-back-is-free',
    promise: 'A job that is given back is charged nothing.',
    file: 'src/stores/memory/jobs/settling.ts',
    text: "if (outcome.kind === 'failed') return",
    put: "if (outcome.kind !== 'completed') return { ...after, failures: job.failures + 1 }\n  if (outcome.kind === 'failed') return",
    tests: [[tests, 'settle: a job given back is free at once']]
  },
  {
    name: 'memory-lost-is-never-revived',
    promise: 'A node that was declared lost never lives again under that identity.',
    file: 'src/stores/memory/nodes.ts',
    text: "return node?.phase === 'alive' ? node : undefined",
    put: 'return node',
    tests: [[tests, 'loss: a lost identity never comes back']]
  },
  {
    name: 'memory-lost-by-its-counter',
    promise: 'A node is declared lost only by the counter that was seen to stand still.',
    file: 'src/stores/memory/nodes.ts',
    text: 'if (node?.counter !== seen.counter) return false',
    put: 'if (node === undefined) return false',
    tests: [[tests, 'loss: only by the counter']]
  },
  {
    name: 'memory-term',
    promise: 'Nothing is written in the name of a term that is not the current one.',
    file: 'src/stores/memory/seats.ts',
    text: 'return row?.term === term && row.holder !== undefined',
    put: 'return row?.holder !== undefined && term > 0',
    tests: [[tests, 'seats: nothing is written in the name of a term']]
  },
  {
    name: 'memory-terms-grow',
    promise: 'Terms of a seat only grow.',
    file: 'src/stores/memory/seats.ts',
    text: ' || claim.term <= (row?.term ?? 0)) return false',
    put: ') return false',
    tests: [[tests, 'seats: terms only grow']]
  },
  {
    name: 'memory-seat-as-seen',
    promise: 'A seat is taken only by who has seen its row as it is.',
    file: 'src/stores/memory/seats.ts',
    text: 'row?.counter !== seen?.counter ||',
    put: '',
    tests: [[tests, 'seats: not by whoever has seen another row']]
  },
  {
    name: 'memory-transaction-is-fenced',
    promise: 'The body of a transaction runs only if its attempt is the current one.',
    file: 'src/stores/memory/transactions.ts',
    text: "if (currentRow(books, attempt) === undefined) return 'stale'",
    put: '',
    tests: [
      [tests, 'transaction: '],
      [tests, 'fencing: ']
    ]
  },
  {
    name: 'memory-prune-remembers',
    promise: 'It is known until when the ledger may have gaps.',
    file: 'src/stores/memory/prune.ts',
    text: 'books.ledgerPrunedUntil = Math.max(books.ledgerPrunedUntil ?? row.lastFireAt, row.lastFireAt)',
    put: 'books.ledgerPrunedUntil = row.lastFireAt',
    tests: [[tests, 'prune: ']]
  },
  {
    name: 'memory-registration-by-release',
    promise: 'A lower release writes no registration, and no marks.',
    file: 'src/stores/memory/schedules.ts',
    text: 'if (before !== undefined && before.release > registration.release) return []',
    put: '',
    tests: [[tests, 'registration: a lower release writes nothing']]
  }
]
