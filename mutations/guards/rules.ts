import type { Guard } from '../guard.ts'

const settleTests = 'tests/core/job/settle.test.ts'
const register = 'src/core/schedule/register.ts'
const registerTests = 'tests/core/schedule/register.test.ts'
const trust = 'src/core/clock-trust.ts'
const trustTests = 'tests/core/clock-trust.test.ts'
const verify = 'src/core/verify/verify.ts'
const verifyTests = 'tests/core/verify/verify.test.ts'

/** The other pure rules: leases, ends of attempts, owners, clocks, the proof of the books, bounds. */
export const ruleGuards: readonly Guard[] = [
  {
    name: 'lease-expires-at-the-ttl',
    promise: 'A counter that stood still for the TTL has expired, and not a millisecond earlier.',
    file: 'src/core/lease.ts',
    text: 'observation.stillMs >= leaseTtlMs',
    put: 'observation.stillMs > leaseTtlMs',
    tests: [['tests/core/lease.test.ts', 'stands still for the TTL']]
  },
  {
    name: 'lease-gaps-do-not-count',
    promise: 'An observer that was frozen itself has seen nothing meanwhile.',
    file: 'src/core/lease.ts',
    text: 'const seenMs = gapMs <= 2 * renewEveryMs ? gapMs : 0',
    put: 'const seenMs = gapMs',
    tests: [['tests/core/lease.test.ts', 'a gap longer than two renewals']]
  },
  {
    name: 'lease-moved-begins-anew',
    promise: 'A counter that moved is of a node that lives.',
    file: 'src/core/lease.ts',
    text: 'before === undefined || before.counter !== counter',
    put: 'before === undefined',
    tests: [['tests/core/lease.test.ts', 'a counter that moved begins anew']]
  },
  {
    name: 'begun-at-most-once-is-not-given-back',
    promise: 'An at-most-once job that has begun is not given back, but lost, visibly.',
    file: 'src/core/job/settle.ts',
    text: "if (outcome.kind !== 'failed' && begunAtMostOnce) return 'discarded'",
    put: '',
    tests: [[settleTests, 'after a report']]
  },
  {
    name: 'at-most-once-is-not-retried',
    promise: 'An at-most-once job that failed is not tried again, whatever the report says.',
    file: 'src/core/job/settle.ts',
    text: "outcome.retryAt === undefined || job.delivery === 'at-most-once' ?",
    put: 'outcome.retryAt === undefined ?',
    tests: [[settleTests, 'after a report']]
  },
  {
    name: 'at-most-once-is-not-rescued',
    promise: 'An at-most-once job that had begun on a dead node is not run again.',
    file: 'src/core/job/settle.ts',
    text: "if (job.delivery === 'at-most-once' && job.startedAt !== undefined) return 'discarded'",
    put: '',
    tests: [[settleTests, 'after a rescue']]
  },
  {
    name: 'success-before-cancel-stands',
    promise: 'A success that is settled stands, though a cancel was asked for.',
    file: 'src/core/job/settle.ts',
    text: "if (outcome.kind === 'completed') return 'completed'",
    put: "if (outcome.kind === 'completed') return job.cancelRequestedAt === undefined ? 'completed' : 'cancelled'",
    tests: [[settleTests, 'after a report']]
  },
  {
    name: 'poison-after-lone-deaths',
    promise: 'A job that died alone three times is discarded as poison.',
    file: 'src/core/job/settle.ts',
    text: "if (job.rescues >= LONE_DEATHS_OF_POISON) return 'discarded'",
    put: '',
    tests: [[settleTests, 'after a rescue']]
  },
  {
    name: 'retry-delay-is-capped',
    promise: 'An exponential delay grows to its maximum and no further.',
    file: 'src/core/job/retry.ts',
    text: 'Math.min(maxMs, baseMs * factor ** (failures - 1))',
    put: 'baseMs * factor ** (failures - 1)',
    tests: [['tests/core/job/retry.test.ts', 'is the default: from 1 s, doubling, to 1 h']]
  },
  {
    name: 'retry-list-repeats-its-last',
    promise: 'Of a list of delays the last one holds from there on.',
    file: 'src/core/job/retry.ts',
    text: 'delaysMs[Math.min(failures, delaysMs.length) - 1] ?? 0',
    put: 'delaysMs[failures - 1] ?? 0',
    tests: [['tests/core/job/retry.test.ts', 'a list, whose last entry holds']]
  },
  {
    name: 'lower-release-never-overwrites',
    promise: 'A lower release never overwrites the definition of a higher one.',
    file: register,
    text: 'if (before.release > declaration.release)\n    return { ...left',
    put: 'if (before.release > declaration.release + 1)\n    return { ...left',
    tests: [[registerTests, 'outranked: a lower release writes nothing']]
  },
  {
    name: 'newer-set-holds-the-definition',
    promise: 'A live process of a newer deployment keeps an older one from writing its definition.',
    file: register,
    text: 'if (isEqual && standing.isRivalled) return',
    put: 'if (isEqual && standing.isRivalled && standing.isContested && standing.isLook) return',
    tests: [[registerTests, 'held: a live process of a newer deployment']]
  },
  {
    name: 'removed-for-good-stays',
    promise: 'What a person removed for good stays removed, whatever code declares.',
    file: register,
    text: "if (before.phaseBy === 'for-good') return left('removed')",
    put: '',
    tests: [[registerTests, 'removed for good, it stays']]
  },
  {
    name: 'schedule-belongs-to-its-app',
    promise: 'An id belongs to the app that registered it.',
    file: register,
    text: 'return mayTakeOver(before, declaration, standing)',
    put: "return before.app !== ''",
    tests: [[registerTests, 'another app is refused']]
  },
  {
    name: 'orphan-waits-ten-minutes',
    promise: 'An orphan is put aside only when no live node has named it for ten minutes.',
    file: 'src/core/schedule/orphans.ts',
    text: 'Math.max(state.orphanedAt, lastNamedAt ?? -Infinity)',
    put: 'state.orphanedAt',
    tests: [['tests/core/schedule/orphans.test.ts', '10 minutes after the last process']]
  },
  {
    name: 'orphan-named-comes-back',
    promise: 'Any live node that names an orphan ends what was done to it.',
    file: 'src/core/schedule/orphans.ts',
    text: "if (state.phaseBy === 'orphans' && isNamed) return 'bring-back'",
    put: '',
    tests: [['tests/core/schedule/orphans.test.ts']]
  },
  {
    name: 'orphan-steered-is-left-alone',
    promise: 'An orphan that a person paused or resumed is left alone.',
    file: 'src/core/schedule/orphans.ts',
    text: 'if (isLeftAlone && !isPausedOnly(state, policy)) return undefined',
    put: '',
    tests: [['tests/core/schedule/orphans.test.ts', 'not where a person has paused']]
  },
  {
    name: 'jumped-clock-is-held',
    promise: 'A clock that jumped is not believed until it has agreed for 15 s.',
    file: trust,
    text: "if (reading.askedAt - held.since < HOLD_MS) return { trust: before, verdict: 'held' }",
    put: '',
    tests: [[trustTests, 'a wall clock']]
  },
  {
    name: 'slow-look-blunts-nothing',
    promise: 'A look that was long under way replaces none that says more.',
    file: trust,
    text: 'widthOf(after) <= Math.max(widthOf(before), JUMP_TOLERANCE_MS) ? after : before',
    put: 'after',
    tests: [[trustTests, 'does not blunt the next look']]
  },
  {
    name: 'first-look-asks-the-nodes',
    promise: 'A process without a former look compares its clock with the renewals of the nodes.',
    file: trust,
    text: 'renewedAt > now + JUMP_TOLERANCE_MS)) return true',
    put: 'renewedAt > now + JUMP_TOLERANCE_MS)) return false',
    tests: [[trustTests, 'what a process without a former look knows']]
  },
  {
    name: 'verify-missing-after-5-s',
    promise: 'What is due and undecided for less than 5 s is pending, not missing.',
    file: verify,
    text: 'Math.max(decidedUntil, now - OVERDUE_AFTER_MS - 1)',
    put: 'Math.max(decidedUntil, now - 1)',
    tests: [[verifyTests, 'what is due for less than 5 s is pending']]
  },
  {
    name: 'verify-finds-gaps',
    promise: 'A fire time that is not in the ledger is found.',
    file: verify,
    text: 'this.#countMissing(stretch, since, row.fireAt - 1)',
    put: '',
    tests: [[verifyTests, 'books that somebody has tampered with']]
  },
  {
    name: 'verify-finds-doubles',
    promise: 'A fire time that two rows have is found.',
    file: verify,
    text: 'if (row.fireAt <= this.#coveredUntil) this.#countDouble(row, stretch)\n    else if',
    put: 'if',
    tests: [[verifyTests, 'books that somebody has tampered with']]
  },
  {
    name: 'verify-checks-the-chain',
    promise: 'A row that names a wrong next fire time is found.',
    file: verify,
    text: '!isLinkRight(row, stretch)) this.#breakChain(row)',
    put: '!isLinkRight(row, stretch)) this.#since(stretch)',
    tests: [[verifyTests, 'books that somebody has tampered with']]
  },
  {
    name: 'verify-claims-nothing-before-retention',
    promise: 'Nothing is claimed of fire times whose records may be past retention.',
    file: verify,
    text: 'Math.max(books.from - 1, books.prunedUntil ?? -Infinity)',
    put: 'books.from - 1',
    tests: [[verifyTests, 'nothing is claimed before retention']]
  },
  {
    name: 'verify-recomputes-under-equal-data-only',
    promise: 'Fire times are computed anew only for rows of the same time-zone data.',
    file: verify,
    text: 'return !stretch.dependsOnZone || row.timezoneData === this.#books.timezoneData',
    put: 'return true',
    tests: [[verifyTests, 'rows of other time-zone data']]
  },
  {
    name: 'payload-is-bounded',
    promise: 'A payload has at most 1 MB of JSON.',
    file: 'src/core/options/json.ts',
    text: 'if (bytes <= MAX_JSON_BYTES) return { text }',
    put: 'if (bytes > 0) return { text }',
    tests: [['tests/core/options/json.test.ts', 'the size is in bytes']]
  },
  {
    name: 'payload-is-strict',
    promise: 'What JSON would bend in silence is refused.',
    file: 'src/core/options/json.ts',
    text: 'return Number.isFinite(value) ? undefined :',
    put: 'return value === value ? undefined :',
    tests: [['tests/core/options/json.test.ts', 'is refused, with the place']]
  },
  {
    name: 'payload-depth-is-bounded',
    promise: 'A payload is nested at most 200 deep.',
    file: 'src/core/options/json.ts',
    text: 'if (ancestors.length >= MAX_DEPTH)',
    put: 'if (ancestors.length > MAX_DEPTH)',
    tests: [['tests/core/options/json.test.ts']]
  },
  {
    name: 'names-are-bounded',
    promise: 'Names have 1 to 200 characters, none of them a control character.',
    file: 'src/core/options/names.ts',
    text: 'name.length <= MAX_NAME_LENGTH &&',
    put: 'name.length <= MAX_NAME_LENGTH + 1 &&',
    tests: [['tests/core/options/names.test.ts']]
  }
]
