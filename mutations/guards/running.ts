import type { Guard } from '../guard.ts'

const seatTests = 'tests/coordination/seat.test.ts'

/** Being one of many processes: leases, rescue, clocks, owners, seats, the stop. Rules 6, 8, 11, 13, 14 and 21. */
export const runningGuards: readonly Guard[] = [
  {
    name: 'own-deadline-from-the-begin-of-a-renewal',
    promise: 'A node’s own deadline starts when its last successful renewal began.',
    file: 'src/runtime/membership.ts',
    text: 'this.#deadlineAt = startedAt + leaseTtlMs',
    put: 'this.#deadlineAt = clock.monotonic() + leaseTtlMs',
    tests: [['tests/runtime/lease.test.ts', 'is a TTL after the last renewal began']]
  },
  {
    name: 'frozen-node-is-another-when-it-wakes',
    promise: 'A process that slept past its deadline is not the node any more when it wakes.',
    file: 'src/runtime/membership.ts',
    text: 'if (clock.monotonic() >= this.#deadlineAt) await this.#lose()',
    put: '',
    tests: [['tests/runtime/lease.test.ts', 'passes unseen by a frozen process']]
  },
  {
    name: 'answer-to-a-former-identity',
    promise: 'An answer to a former identity does not lengthen the lease of the new one.',
    file: 'src/runtime/membership.ts',
    text: 'if (id !== this.#id) return 0',
    put: '',
    tests: [['tests/runtime/membership.test.ts', 'an answer to a former identity']]
  },
  {
    name: 'node-with-running-handlers-keeps-its-identity',
    promise: 'A node whose handlers ignore their signals leaves its identity to expire.',
    file: 'src/runtime/departure.ts',
    text: 'stay: attempts.running > 0 && this.#beforeGivingUp === undefined',
    put: 'stay: attempts.running > 1_000',
    tests: [['tests/runtime/stop.test.ts', 'a handler that ignores its signal is left running']]
  },
  {
    name: 'rescue-looks-for-jobs-of-nobody',
    promise: 'Jobs of nodes that nobody ever heard of are freed as well.',
    file: 'src/runtime/jobs/rescuer.ts',
    text: 'return lost > 0 || searches ?',
    put: 'return lost > 0 ?',
    tests: [['tests/runtime/jobs/rescue.test.ts', 'frees the jobs of whatever node is not alive']]
  },
  {
    name: 'stop-claims-nothing-more',
    promise: 'With the order to stop nothing more is claimed.',
    file: 'src/runtime/departure.ts',
    text: '    worker.stopAccepting()\n',
    put: '',
    tests: [
      ['tests/runtime/retire.test.ts', 'claims nothing more and resigns, at once'],
      ['tests/runtime/stop.test.ts', 'claims nothing more at once']
    ]
  },
  {
    name: 'stop-resigns-first',
    promise: 'Seats are resigned from while handlers still have their grace.',
    file: 'src/runtime/departure.ts',
    text: 'Promise.allSettled(this.#resigning.map(resign => resign()))',
    put: 'Promise.allSettled(this.#resigning.slice(99).map(resign => resign()))',
    tests: [
      ['tests/runtime/before-stop.test.ts'],
      ['tests/runtime/retire.test.ts', 'claims nothing more and resigns, at once']
    ]
  },
  {
    name: 'stop-gives-back-what-may-run-again-only',
    promise: 'An at-most-once job whose process ends is not begun again.',
    file: 'src/runtime/departure.ts',
    text: "if (delivery === 'at-least-once') settler.add",
    put: 'if (delivery !== undefined) settler.add',
    tests: [['tests/runtime/retire.test.ts', 'is not begun again where it may run once only']]
  },
  {
    name: 'second-stop-hurries',
    promise: 'A second stop ends the grace that handlers have.',
    file: 'src/runtime/departure.ts',
    text: 'if (this.#stopping !== undefined) this.hurry()',
    put: '',
    tests: [['tests/runtime/stop.test.ts', 'a second stop hurries the first']]
  },
  {
    name: 'interrupted-reading-teaches-nothing',
    promise: 'A process that is interrupted between its readings of the clocks keeps to the right time.',
    file: 'src/runtime/time/steady-clock.ts',
    text: 'if (answeredAt - askedAt < EXACT_MS) this',
    put: 'this',
    tests: [['tests/runtime/time/steady-clock.test.ts', 'interrupted between its readings']]
  },
  {
    name: 'interrupted-reading-is-no-jump',
    promise: 'A process that is stopped for long between its readings takes that for no jump.',
    file: 'src/runtime/time/steady-clock.ts',
    text: 'at - askedAt < this.#offset',
    put: 'at - answeredAt < this.#offset',
    tests: [['tests/runtime/time/steady-clock.test.ts', 'interrupted between its readings']]
  },
  {
    name: 'clocks-are-compared-by-the-best-of-some-readings',
    promise: 'What a process tells the others about its clocks is not off by how long it was interrupted.',
    file: 'src/clock/ahead-by.ts',
    text: 'Math.max(',
    put: 'Math.min(',
    tests: [['tests/clock/ahead-by.test.ts', 'one clock is ahead']]
  },
  {
    name: 'clock-that-lies-decides-nothing',
    promise: 'Nothing is decided at a time that is held.',
    file: 'src/runtime/time/clock-keeper.ts',
    text: '(this.#steady !== undefined || !this.#belief.isHeld) &&',
    put: '',
    tests: [['tests/runtime/time/clock-keeper.test.ts', 'a clock that lies once']]
  },
  {
    name: 'later-clock-of-a-living-node-is-respected',
    promise: 'Nothing is taken back while another node lives by a later clock.',
    file: 'src/runtime/time/clock-keeper.ts',
    text: 'if (this.#living(others).some(',
    put: 'if (this.#living(others).slice(99).some(',
    tests: [['tests/runtime/time/clock-keeper.test.ts', 'takes nothing back while another node lives']]
  },
  {
    name: 'first-look-waits-when-nodes-disagree',
    promise: 'A process whose first look is ahead of every node that lives waits for 15 s.',
    file: 'src/runtime/time/clock-keeper.ts',
    text: 'contradicts(known, reading.at, leaseTtlMs)',
    put: 'contradicts(known.slice(99), reading.at, leaseTtlMs)',
    tests: [['tests/runtime/time/clock-keeper.test.ts', 'whose first look is a day ahead']]
  },
  {
    name: 'first-time-is-compared',
    promise: 'A process that starts while its clock lies claims nothing by it.',
    file: 'src/runtime/time/first-time.ts',
    text: 'clock.compare(',
    put: 'void (',
    tests: [['tests/runtime/time/steady-clock.test.ts', 'while its clock lies goes on by the clocks of the others']]
  },
  {
    name: 'steady-clock-holds-a-jump',
    promise: 'A host’s clock that jumps for a few seconds is not heard.',
    file: 'src/runtime/time/steady-clock.ts',
    text: ' || isBefore || isAfter',
    put: '',
    tests: [['tests/runtime/time/steady-clock.test.ts', 'a clock that lies by']]
  },
  {
    name: 'lost-race-is-a-value',
    promise: 'A decision that others wrote first is neither told nor counted.',
    file: 'src/runtime/schedules/scheduler.ts',
    text: "if (answers[index] !== 'written') return\n      written++",
    put: 'written++',
    tests: [['tests/runtime/schedules/scheduler.test.ts']]
  },
  {
    name: 'sleep-is-bounded',
    promise: 'A scheduler looks again within a minute, whatever is due next.',
    file: 'src/runtime/schedules/scheduler.ts',
    text: 'return Math.min(MAX_SLEEP_MS, Math.max(soonest,',
    put: 'return Math.min(9 * MAX_SLEEP_MS, Math.max(soonest,',
    tests: [['tests/runtime/schedules/scheduler.test.ts', 'sleeps until the next fire time, and a minute at the most']]
  },
  {
    name: 'older-zone-data-leaves-what-is-due',
    promise: 'A node with older time-zone data leaves what is due to the others for 3 s.',
    file: 'src/runtime/schedules/scheduler.ts',
    text: 'if (isForNewerData(read, timezoneData, now)) {',
    put: 'if (isForNewerData(read, timezoneData, now) && now < 0) {',
    tests: [['tests/runtime/schedules/zone-refresher.test.ts', 'leave what is due to the nodes that have them']]
  },
  {
    name: 'newest-zone-data-wins',
    promise: 'A node with older time-zone data computes nothing anew.',
    file: 'src/runtime/schedules/zone-refresher.ts',
    text: 'if (newestData([timezoneData, ...alive]) !== timezoneData) return false',
    put: '',
    tests: [['tests/runtime/schedules/zone-refresher.test.ts', 'win while a live scheduler has them']]
  },
  {
    name: 'lower-release-puts-nothing-aside',
    promise: 'A lower release puts no orphan aside.',
    file: 'src/runtime/schedules/orphans.ts',
    text: "(registration?.release ?? 0) > release ? 'keep' : orphans",
    put: "(registration?.release ?? 0) < 0 ? 'keep' : orphans",
    tests: [['tests/runtime/schedules/orphans.test.ts', 'a lower release puts nothing aside']]
  },
  {
    name: 'older-deployment-takes-no-mark',
    promise: 'An older deployment of one release takes no mark of an orphan while a newer one lives.',
    file: 'src/runtime/schedules/rivals.ts',
    text: 'const isInForce = !isOutranked && newer.length === 0',
    put: 'const isInForce = !isOutranked',
    tests: [['tests/runtime/schedules/orphans.test.ts', 'nor does an older deployment of the same release']]
  },
  {
    name: 'only-the-living-declare',
    promise: 'Only what live processes declare decides who writes.',
    file: 'src/runtime/schedules/rivals.ts',
    text: 'isAlive(node) && node.id !== nodeId',
    put: 'node.id !== nodeId',
    tests: [['tests/runtime/schedules/owners.test.ts', 'an old and a new deployment that alternate']]
  },
  {
    name: 'deposed-tenure-writes-nothing',
    promise: 'Nothing is enqueued in the name of a tenure that has ended.',
    file: 'src/runtime/seats/tenure.ts',
    text: "signal.aborted ? 'deposed' : await store.enqueueInSeat({ seat, term }, [job])",
    put: 'await store.enqueue([job])',
    tests: [['tests/runtime/seats/seats.test.ts', 'is refused when it has ended']]
  },
  {
    name: 'seat-is-let-go-early',
    promise: 'A holder lets go a tenth of the TTL before anybody else can be elected.',
    file: 'src/coordination/seat.ts',
    text: 'const TRUSTED_SHARE = 0.9',
    put: 'const TRUSTED_SHARE = 1.1',
    tests: [[seatTests, 'comes before anybody else can be elected']]
  },
  {
    name: 'seat-deadline-from-the-begin-of-a-renewal',
    promise: 'Trust in a seat starts when its last successful renewal began.',
    file: 'src/coordination/seat.ts',
    text: 'held.trustedUntil = startedAt + ttlMs * TRUSTED_SHARE',
    put: 'held.trustedUntil = clock.monotonic() + ttlMs * TRUSTED_SHARE',
    tests: [[seatTests, 'runs from the beginning of its last successful renewal']]
  },
  {
    name: 'resigned-while-being-elected',
    promise: 'Who resigned while it was being elected is not elected.',
    file: 'src/coordination/seat.ts',
    text: 'if (this.#hasResigned || !this.#isTrusted(held)) {',
    put: 'if (!this.#isTrusted(held)) {',
    tests: [[seatTests, 'that resigned while it was being elected']]
  },
  {
    name: 'taken-seat-is-noticed',
    promise: 'A holder whose seat was taken learns it at its next renewal.',
    file: 'src/coordination/seat.ts',
    text: "if (!isOurs) return this.#stepDown('taken')",
    put: '',
    tests: [[seatTests, 'whose seat was taken learns it']]
  },
  {
    name: 'seat-by-the-books-waits-for-the-ttl',
    promise: 'A contender waits for as long as the holder trusts itself.',
    file: 'src/coordination/store-backend.ts',
    text: '!this.#stoodStill(seen, { askedAt, answeredAt })) return undefined',
    put: '!this.#stoodStill(seen, { askedAt, answeredAt }) && seen.term < 0) return undefined',
    tests: [[seatTests, 'waits for as long as the holder trusts itself'], ['tests/coordination/store-backend.test.ts']]
  },
  {
    name: 'deleted-lock-file-is-noticed',
    promise: 'A holder whose lock file was deleted or replaced steps down.',
    file: 'src/coordination/lock-file.ts',
    text: 'return this.#isOpen && identityOf(this.file) === this.#identity',
    put: 'return this.#isOpen',
    tests: [['tests/coordination/file-backend.test.ts']]
  },
  {
    name: 'lock-on-a-network-disk-is-refused',
    promise: 'A lock file on a network disk is refused unless it was allowed.',
    file: 'src/coordination/file-backend.ts',
    text: 'if (disk !== undefined && !allowNetworkDisk)',
    put: "if (disk === '' && !allowNetworkDisk)",
    tests: [['tests/coordination/file-backend.test.ts', 'the folder of lock files']]
  },
  {
    name: 'redis-lock-is-extended-by-its-holder',
    promise: 'Only the holder of a lock in Redis extends it.',
    file: 'src/coordination/redis-scripts.ts',
    text: `~= ARGV[1] then return 0 end
return redis.call('PEXPIRE'`,
    put: `== false then return 0 end
return redis.call('PEXPIRE'`,
    tests: [['tests/coordination/redis-backend.test.ts', 'that answers another one extends and releases nothing']]
  }
]
