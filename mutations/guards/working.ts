import type { Guard } from '../guard.ts'

/** Claims, attempts and reports: rules 8 to 10, 15, 18 and 19 of ARCHITECTURE.md. */
export const workingGuards: readonly Guard[] = [
  {
    name: 'at-most-once-start-is-committed-first',
    promise: 'The start of an at-most-once job is committed before its handler is entered.',
    file: 'src/runtime/attempts/attempts.ts',
    text: "if (claimed.delivery === 'at-least-once') return this.#enter(attempt)",
    put: 'if (claimed.fence > 0) return this.#enter(attempt)',
    tests: [['tests/runtime/attempts/delivery.test.ts', 'the start is committed before the handler is entered']]
  },
  {
    name: 'late-start-enters-no-handler',
    promise: 'A start that is answered after the lease was lost does not enter the handler.',
    file: 'src/runtime/attempts/attempts.ts',
    text: 'isCurrent && !attempt.isRevoked ?',
    put: 'isCurrent ?',
    tests: [['tests/runtime/attempts/delivery.test.ts', 'a start that is answered after the lease was lost']]
  },
  {
    name: 'hung-handler-of-a-lost-lease-is-left-to-rescue',
    promise: 'The job of a handler that hangs after its lease was lost is left to rescue.',
    file: 'src/runtime/attempts/attempts.ts',
    text: "if (attempt.aborted === 'lease-lost') this.#end(attempt, undefined)\n    else this.#fail",
    put: 'this.#fail',
    tests: [['tests/runtime/lease.test.ts', 'leaves the job of a handler that hangs to rescue']]
  },
  {
    name: 'time-limit-aborts',
    promise: 'An attempt that outruns its time limit has its signal aborted.',
    file: 'src/runtime/attempts/attempts.ts',
    text: "      this.abort(attempt, 'timeout')\n",
    put: '',
    tests: [['tests/runtime/attempts/timeout.test.ts', 'aborts the signal, and the attempt fails']]
  },
  {
    name: 'max-attempts',
    promise: 'A job fails for good when it has failed `maxAttempts` times.',
    file: 'src/runtime/attempts/outcome.ts',
    text: ' || claimed.attempt >= claimed.maxAttempts',
    put: '',
    tests: [['tests/runtime/attempts/attempts.test.ts', 'is retried when its policy says']]
  },
  {
    name: 'do-not-retry',
    promise: 'A failure that forbids a retry ends the job.',
    file: 'src/runtime/attempts/outcome.ts',
    text: 'if (isPayloadRefused || unreadable !== undefined || isA(cause, DoNotRetry)) return true',
    put: 'if (isPayloadRefused || unreadable !== undefined) return true',
    tests: [['tests/runtime/attempts/attempts.test.ts', 'that forbids a retry ends the job']]
  },
  {
    name: 'stopping-charges-nothing',
    promise: 'What ends because the process stops is given back uncharged.',
    file: 'src/runtime/attempts/outcome.ts',
    text: "if (aborted === 'stopping') return { kind: 'given-back' }",
    put: '',
    tests: [['tests/runtime/stop.test.ts', 'aborts the signals after the grace']]
  },
  {
    name: 'at-most-once-is-not-put-off',
    promise: 'An at-most-once job that has begun is not put off.',
    file: 'src/runtime/attempts/outcome.ts',
    text: "if (claimed.delivery === 'at-least-once') return { kind: 'snoozed'",
    put: "if (claimed.delivery !== undefined) return { kind: 'snoozed'",
    tests: [['tests/runtime/attempts/attempts.test.ts', 'cannot do so at most once']]
  },
  {
    name: 'at-most-once-is-retried-on-purpose',
    promise: 'An operator retries an at-most-once job only by saying so.',
    file: 'src/operations/operator.ts',
    text: ' && !again) throw onlyOnce(jobId)',
    put: ' && again) throw onlyOnce(jobId)',
    tests: [['tests/runtime/job-calls.test.ts', 'an at-most-once job is retried only when']]
  },
  {
    name: 'idempotency-key-for-life',
    promise: 'The idempotency key is the same over attempts and retries by operators.',
    file: 'src/runtime/attempts/attempt.ts',
    text: '`${this.#surroundings.store.id}:${of}`',
    put: '`${this.#surroundings.store.id}:${of}:${this.fence}`',
    tests: [['tests/runtime/attempts/attempts.test.ts', 'the idempotency key is stable over attempts']]
  },
  {
    name: 'step-names-are-used-once',
    promise: 'A step’s name used twice in one attempt is an error.',
    file: 'src/runtime/attempts/attempt.ts',
    text: 'if (names.has(name))',
    put: 'if (names.size > 1_000)',
    tests: [['tests/runtime/attempts/steps.test.ts', 'a name used twice in one attempt']]
  },
  {
    name: 'transaction-comes-last',
    promise: 'Nothing of an attempt is written after its transaction.',
    file: 'src/runtime/attempts/attempt.ts',
    text: "if (this.completion !== 'open')\n      throw",
    put: 'if (this.isOver)\n      throw',
    tests: [['tests/runtime/attempts/steps.test.ts', 'comes last']]
  },
  {
    name: 'solo-job-awaits-an-idle-node',
    promise: 'A job that was rescued once is not taken by a node that runs something else.',
    file: 'src/runtime/jobs/activity.ts',
    text: 'this.held === 0 && this.claims === 0',
    put: 'this.claims === 0',
    tests: [['tests/runtime/jobs/rescue.test.ts', 'is not taken by a node that runs something else']]
  },
  {
    name: 'solo-runs-alone',
    promise: 'Nothing is claimed beside a solo job until its report is written.',
    file: 'src/runtime/jobs/claimer.ts',
    text: 'if (this.#soloRuns()) return HOLD_BACK_MS',
    put: '',
    tests: [['tests/runtime/jobs/rescue.test.ts', 'runs alone: nothing is claimed beside it']]
  },
  {
    name: 'solo-job-is-awaited-alone',
    promise: 'No other claim goes out before the one is answered that may bring a solo job.',
    file: 'src/runtime/jobs/claimer.ts',
    text: 'if (activity.isClaimingAlone) return AWAIT_OTHER_CLAIM_MS',
    put: '',
    tests: [['tests/runtime/jobs/rescue.test.ts', 'is awaited alone, too']]
  },
  {
    name: 'busy-node-holds-back',
    promise: 'A busy node holds back for a solo job, so that it gets its turn.',
    file: 'src/runtime/jobs/claimer.ts',
    text: 'if (!isNext && activity.holdBack.isOn(clock.monotonic())) return this.#holdBack()',
    put: '',
    tests: [['tests/runtime/jobs/rescue.test.ts', 'makes a busy node hold back']]
  },
  {
    name: 'late-claim-is-given-back',
    promise: 'A claim that is answered after a stop has begun is given back, and nothing of it begins.',
    file: 'src/runtime/jobs/claimer.ts',
    text: 'if (!this.#accepting || nodeId() !== node) claim.jobs.forEach(job => this.#giveBack(job))\n      else this',
    put: 'this',
    tests: [['tests/runtime/stop.test.ts', 'begins nothing of a claim that is answered after it']]
  },
  {
    name: 'urgent-before-claimed-ahead',
    promise: 'What is more urgent begins before what was claimed ahead of it.',
    file: 'src/runtime/jobs/claimer.ts',
    text: 'if (isMoreUrgent) this',
    put: 'if (isMoreUrgent && jobs.length > 1_000) this',
    tests: [['tests/runtime/jobs/claim-ahead.test.ts', 'what is more urgent is begun before']]
  },
  {
    name: 'at-most-once-is-not-claimed-ahead',
    promise: 'An at-most-once job is never claimed ahead.',
    file: 'src/runtime/jobs/claimer.ts',
    text: '(mayClaimAhead ? this.#pace.mostAhead() : 0)',
    put: '(mayClaimAhead ? this.#pace.mostAhead() : 2)',
    tests: [['tests/runtime/attempts/delivery.test.ts', 'is never claimed ahead']]
  },
  {
    name: 'little-is-claimed-ahead',
    promise: 'No more is claimed ahead than is finished in 100 ms at the measured rate.',
    file: 'src/runtime/jobs/pace.ts',
    text: 'this.#finishedPerMs * AHEAD_MS)',
    put: 'this.#finishedPerMs * 3 * AHEAD_MS)',
    tests: [['tests/runtime/jobs/claim-ahead.test.ts', 'no more than what is finished in 100 ms']]
  },
  {
    name: 'slow-store-is-no-slow-claimer',
    promise: 'That the store was slow to answer does not make a node slow.',
    file: 'src/runtime/jobs/pace.ts',
    text: 'elapsedMs - this.#starvedMs)',
    put: 'elapsedMs)',
    tests: [['tests/runtime/jobs/claim-ahead.test.ts', 'that the store was slow to answer']]
  },
  {
    name: 'lost-claim-is-given-back',
    promise: 'At a renewal a node gives back what the books say it runs and it does not.',
    file: 'src/runtime/jobs/worker.ts',
    text: 'if (oldestClaimAt > seenAt) settler',
    put: 'if (oldestClaimAt < seenAt) settler',
    tests: [['tests/runtime/jobs/reconcile.test.ts', 'a claim whose answer was lost is given back']]
  },
  {
    name: 'awaited-claim-is-kept',
    promise: 'A claim whose answer is still awaited is not given back.',
    file: 'src/runtime/jobs/worker.ts',
    text: 'if (oldestClaimAt > seenAt) settler',
    put: 'settler',
    tests: [['tests/runtime/jobs/reconcile.test.ts', 'a claim whose answer is still awaited']]
  },
  {
    name: 'cancel-is-asked-of-the-handler',
    promise: 'A cancel of a running job reaches its handler with the next renewal.',
    file: 'src/runtime/jobs/worker.ts',
    text: "if (cancelRequested) attempts.abort(attempt, 'cancelled')",
    put: "if (cancelRequested && attempt.isOver) attempts.abort(attempt, 'cancelled')",
    tests: [['tests/runtime/attempts/timeout.test.ts', 'aborts its signal with the next renewal']]
  },
  {
    name: 'settle-batch-is-halved',
    promise: 'A report that the store refuses holds up no other.',
    file: 'src/runtime/jobs/settler.ts',
    text: 'this.#most = Math.max(1, reports.length >> 1)',
    put: 'this.#most = MAX_BATCH.count',
    tests: [['tests/runtime/jobs/settler.test.ts', 'holds up no other']]
  },
  {
    name: 'settle-held-waits-beside',
    promise: 'A report on a job that others hold waits beside the others, and is sent again.',
    file: 'src/runtime/jobs/settler.ts',
    text: "if (answer === 'held') this.#hold([waiting])",
    put: "if (answer === 'held') waiting.answered('unknown')",
    tests: [['tests/runtime/jobs/settler.test.ts', 'which the store knows, is sent again after a pause']]
  },
  {
    name: 'settle-batch-is-bounded-in-bytes',
    promise: 'A batch of reports is bounded in bytes, not only in number.',
    file: 'src/runtime/jobs/settler.ts',
    text: '    reports.length = batchLength(reports, MAX_BATCH)\n',
    put: '    reports.length = batchLength(reports, { ...MAX_BATCH, size: Infinity })\n',
    tests: [['tests/runtime/jobs/settler.test.ts', 'the largest results go a few at a time']]
  },
  {
    name: 'enqueue-batch-is-halved',
    promise: 'An item that the store will not take fails alone.',
    file: 'src/operations/enqueue/batcher.ts',
    text: 'const isHalved = piece.length > 1 && again.length > 0',
    put: 'const isHalved = piece.length > 1_000 && again.length > 0',
    tests: [['tests/operations/batcher.test.ts', 'an item that the store will not take']]
  },
  {
    name: 'bulk-checks-all-before-it-writes',
    promise: 'Nothing of a list is written when one of its payloads is refused.',
    file: 'src/operations/enqueue/bulk.ts',
    text: 'const kept = await makeAll(bulk)',
    put: 'const kept = bulk.count < 0 ? await makeAll(bulk) : []',
    tests: [['tests/operations/bulk.test.ts', 'nothing is written when the last of all payloads is refused']]
  },
  {
    name: 'given-up-attempt-enqueues-nothing',
    promise: 'A handler that was given up enqueues nothing more.',
    file: 'src/operations/enqueue/enqueuer.ts',
    text: "    this.#assertCurrent('enqueue()')\n",
    put: '',
    tests: [
      ['tests/runtime/attempts/judged.test.ts', 'what a handler made that was given up'],
      ['tests/runtime/attempts/timeout.test.ts', 'changes nothing by what it does later'],
      ['tests/runtime/lease.test.ts', 'a lost lease']
    ]
  }
]
