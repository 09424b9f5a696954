import type { Guard } from '../guard.ts'

const launcher = 'src/launcher'
const launcherTests = (name: string): string => `tests/launcher/${name}.test.ts`
const examine = 'tests/doctor/examine.test.ts'
const planted = 'each planted fault is found'
const exportTests = 'tests/cli/export-format.test.ts'

/** What an operator meets: processes and their stop, the command line, the checklist, the API, settings, moving books. */
export const operatingGuards: readonly Guard[] = [
  {
    name: 'stop-retires-before-all-else',
    promise: 'With the order to stop nothing more is begun, before anything is waited for.',
    file: `${launcher}/orderly-stop.ts`,
    text: "    await this.#part('the claiming', graceMs, async () => parts.retire())\n",
    put: '',
    tests: [[launcherTests('orderly-stop'), 'nothing more is claimed before all else']]
  },
  {
    name: 'stop-has-one-grace',
    promise: 'Handlers have what the connections have left of the same grace.',
    file: `${launcher}/orderly-stop.ts`,
    text: 'parts.endJobs(jobsMs)',
    put: 'parts.endJobs(graceMs)',
    tests: [[launcherTests('orderly-stop'), 'nothing more is claimed before all else']]
  },
  {
    name: 'same-order-is-no-haste',
    promise: 'The same order to stop again is no haste.',
    file: `${launcher}/orderly-stop.ts`,
    text: 'if (before.haste === now.haste) return',
    put: '',
    tests: [[launcherTests('orderly-stop'), 'the same order again']]
  },
  {
    name: 'stop-leaves-what-does-not-end',
    promise: 'A part of the stop that throws is said, and the rest is done.',
    file: `${launcher}/orderly-stop.ts`,
    text: 'const ending = end()\n      if (await within(clock, ms, ending)) return',
    put: 'const ending = end()\n      if (await within(clock, 100 * ms, ending)) return',
    tests: [[launcherTests('orderly-stop'), 'what does not end']]
  },
  {
    name: 'signal-and-its-echo-are-one',
    promise: 'A signal that comes with its echo is one.',
    file: `${launcher}/stop-signals.ts`,
    text: 'if (sinceMs < ECHO_MS) return current',
    put: '',
    tests: [[launcherTests('decisions'), 'one that comes with its echo is one']]
  },
  {
    name: 'interrupt-twice-is-at-once',
    promise: 'Ctrl-C twice ends at once.',
    file: `${launcher}/stop-signals.ts`,
    text: "if (signal === 'SIGINT' && current === 'graceful') return 'now'",
    put: '',
    tests: [[launcherTests('decisions'), 'SIGINT twice is at once']]
  },
  {
    name: 'kill-comes-after-every-grace',
    promise: 'A process is killed only after every grace that it was given.',
    file: `${launcher}/stop-signals.ts`,
    text: 'graceOf(haste, graces) + graces.abortGraceMs + MARGIN_MS',
    put: 'graceOf(haste, graces) + graces.abortGraceMs',
    tests: [
      [launcherTests('decisions'), 'more haste is less grace'],
      [launcherTests('orderly-stop'), 'it ends by itself before it is killed']
    ]
  },
  {
    name: 'crash-loop-ends',
    promise: 'A process that keeps ending early is given up.',
    file: `${launcher}/restart.ts`,
    text: 'if (isFinal || inARow > limit)',
    put: 'if (isFinal || inARow > 2 * limit)',
    tests: [[launcherTests('decisions'), 'it is given up after so many early ends']]
  },
  {
    name: 'hopeless-start-is-not-repeated',
    promise: 'What would fail again in the same way is not tried again.',
    file: `${launcher}/restart.ts`,
    text: 'if (isFinal || inARow > limit)',
    put: 'if (inARow > limit)',
    tests: [[launcherTests('decisions'), 'what would fail again in the same way']]
  },
  {
    name: 'old-process-stays-until-the-new-is-ready',
    promise: 'A replacement lets the old process go only when the new one is ready.',
    file: `${launcher}/slot.ts`,
    text: 'const early = await Promise.race([successor.ready, successor.ended])',
    put: 'const early = await Promise.race([Promise.resolve(), successor.ended])',
    tests: [[launcherTests('slot'), 'lets the old one go only when the new one is ready']]
  },
  {
    name: 'roll-replaces-makers-last',
    promise: 'A roll replaces those who run jobs before those who make them.',
    file: `${launcher}/plan.ts`,
    text: "['worker', 'scheduler', 'app', 'web']",
    put: "['web', 'worker', 'scheduler', 'app']",
    tests: [[launcherTests('plan'), 'a roll replaces those who run jobs']]
  },
  {
    name: 'exit-status-of-a-kill',
    promise: 'The exit status tells when a process had to be killed.',
    file: `${launcher}/master.ts`,
    text: 'isKilled && this.#code === exitCodes.stopped ? exitCodes.killed : this.#code',
    put: 'isKilled && this.#haste === undefined ? exitCodes.killed : this.#code',
    tests: [[launcherTests('master'), 'is told apart when one had to be killed']]
  },
  {
    name: 'exit-status-is-documented',
    promise: 'The guide names every exit status.',
    file: `${launcher}/exit-codes.ts`,
    text: 'crashLoop: 3,',
    put: 'crashLoop: 7,',
    tests: [[launcherTests('exit-codes')]]
  },
  {
    name: 'api-is-not-shown-to-strangers',
    promise: 'Beyond loopback the API shows the health only, unless it asks for credentials.',
    file: `${launcher}/listen-plan.ts`,
    text: "isPrivate ? 'all' : 'health'",
    put: "isPrivate ? 'all' : 'all'",
    tests: [[launcherTests('listen-plan'), 'beyond loopback the API takes credentials']]
  },
  {
    name: 'own-port-on-loopback',
    promise: 'A process without the app answers on loopback unless there are credentials.',
    file: `${launcher}/listen-plan.ts`,
    text: 'host: isPrivate ? host : LOOPBACK',
    put: 'host',
    tests: [[launcherTests('listen-plan'), 'a process without the app answers']]
  },
  {
    name: 'kept-alive-connections-hear-of-the-end',
    promise: 'With a successor a connection that is kept alive gets one more answer, which is its last.',
    file: `${launcher}/http-servers.ts`,
    text: '    this.#answers.areLast = true\n',
    put: '',
    tests: [[launcherTests('http-servers'), 'with a successor a connection that is kept alive']]
  },
  {
    name: 'web-processes-are-not-replaced-together',
    promise: 'Equal web processes are not replaced after equally many requests.',
    file: `${launcher}/max-requests.ts`,
    text: 'const JITTER = 0.1',
    put: 'const JITTER = 0',
    tests: [[launcherTests('decisions'), 'equal web processes']]
  },
  {
    name: 'verify-exits-with-1',
    promise: '`escapement verify` exits with 1 when the books are not in order.',
    file: 'src/cli/verify.ts',
    text: 'return isOk ? 0 : 1',
    put: 'return isOk ? 0 : 0',
    tests: [['tests/cli/books.test.ts', 'a row that is gone: exit status 1']]
  },
  {
    name: 'unreadable-definition-is-not-in-order',
    promise: 'A definition that this release cannot read is not called in order.',
    file: 'src/cli/verify.ts',
    text: ' && !audited.hasUnreadable',
    put: '',
    tests: [['tests/cli/books.test.ts', 'a definition that this release cannot read']]
  },
  {
    name: 'wrong-use-exits-with-2',
    promise: 'Wrong use of the command line exits with 2.',
    file: 'src/cli/failures.ts',
    text: 'status: wrongUseCodes.has(error.code) ? 2 : 1',
    put: 'status: 1',
    tests: [['tests/cli/preview.test.ts', 'wrong use: exit status 2']]
  },
  {
    name: 'export-that-is-cut-off-is-refused',
    promise: 'An export that was cut off is refused at its end.',
    file: 'src/cli/export-format.ts',
    text: "if (value['end'] !== records) throw cutOff(records)",
    put: '',
    tests: [[exportTests]]
  },
  {
    name: 'export-without-an-end-is-refused',
    promise: 'An export without an end is refused.',
    file: 'src/cli/export-format.ts',
    text: '  throw cutOff(records)\n}\n\n/** Gathers',
    put: '}\n\n/** Gathers',
    tests: [[exportTests]]
  },
  {
    name: 'export-parts-are-bounded',
    promise: 'A part of an import is bounded in bytes, not only in number.',
    file: 'src/cli/export-format.ts',
    text: ' || this.#characters >= PART_CHARACTERS',
    put: '',
    tests: [[exportTests, 'are small though the records be large']]
  },
  {
    name: 'import-into-empty-books-only',
    promise: 'Books are imported into empty ones only, part after part.',
    file: 'src/stores/sqlite/statements/import-part.ts',
    text: "if (!isNext) return 'not-empty'",
    put: '',
    tests: [['tests/stores/sqlite/conformance.test.ts', 'moving: ']]
  },
  {
    name: 'import-continues-the-fences',
    promise: 'Fences of imported books go on where they were.',
    file: 'src/stores/sqlite/statements/import-part.ts',
    text: 'last_fence = max(last_fence, ?)',
    put: 'last_fence = min(last_fence, ?)',
    tests: [['tests/stores/sqlite/conformance.test.ts', 'moving: ids of the books and fences']]
  },
  {
    name: 'moved-at-most-once-is-lost-visibly',
    promise: 'A running at-most-once job that is moved is discarded as lost, and not run again.',
    file: 'src/core/landed.ts',
    text: "if (job.state !== 'running') return job",
    put: "if (job.state !== 'running' || job.delivery === 'at-most-once') return job",
    tests: [['tests/cli/export-format.test.ts'], ['tests/cli/moving.test.ts']]
  },
  {
    name: 'doctor-finds-a-second-scheduler',
    promise: '`escapement doctor` finds a second scheduler where the topology means one.',
    file: 'src/doctor/nodes.ts',
    text: 'schedulers.length <= 1) return []',
    put: 'schedulers.length <= 2) return []',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-a-silent-node',
    promise: '`escapement doctor` finds a node that no longer renews.',
    file: 'src/doctor/nodes.ts',
    text: "phase === 'alive' && renewedAt >= now - leaseTtlMs",
    put: "phase === 'alive' && renewedAt <= now + leaseTtlMs",
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-unknown-tasks',
    promise: '`escapement doctor` finds jobs of tasks that no live process knows.',
    file: 'src/doctor/work.ts',
    text: 'waiting > 0 && !known.has(task)',
    put: 'waiting > 9 && !known.has(task)',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-finds-commits-that-do-not-last',
    promise: '`escapement doctor` finds commits that a power cut takes back.',
    file: 'src/doctor/database.ts',
    text: "synchronous_commit: ['off'],",
    put: 'synchronous_commit: [],',
    tests: [[examine, planted]]
  },
  {
    name: 'doctor-is-silent-on-a-sound-deployment',
    promise: '`escapement doctor` finds nothing in a sound deployment.',
    file: 'src/doctor/seats.ts',
    text: 'filter(({ holder }) => holder === undefined)',
    put: 'filter(({ holder }) => holder !== undefined)',
    tests: [[examine, 'a sound deployment gives no finding']]
  },
  {
    name: 'api-takes-a-token',
    promise: 'The management API answers no caller without the token.',
    file: 'src/http/api.ts',
    text: 'if (token === undefined || presentsToken(',
    put: "if (token === undefined || token !== '' || presentsToken(",
    tests: [['tests/http/api.test.ts', 'a caller without the token']]
  },
  {
    name: 'api-pages-are-bounded',
    promise: 'A page of the API has at most 200 items.',
    file: 'src/http/api.ts',
    text: 'if (limit < 1 || limit > LARGEST_PAGE)',
    put: 'if (limit < 1)',
    tests: [['tests/http/api.test.ts', 'a limit of']]
  },
  {
    name: 'api-tells-callers-no-inner-errors',
    promise: 'A fault of the server’s own tells callers nothing and the log all.',
    file: 'src/http/problems.ts',
    text: "title: 'The request failed inside the server; its log has the error.' }",
    put: "title: 'The request failed inside the server; its log has the error.', detail: String(error) }",
    tests: [['tests/http/api.test.ts', 'with a fault of its own is 500']]
  },
  {
    name: 'three-tries-to-renew',
    promise: 'Who holds something gets three tries to renew it within its time.',
    file: 'src/settings/renewal-times.ts',
    text: 'Math.floor(ttlMs / 3)',
    put: 'Math.floor(ttlMs / 2)',
    tests: [['tests/settings/coordination.test.ts', 'times']]
  },
  {
    name: 'node-that-is-too-old-is-named',
    promise: 'A Node that is too old is refused by name.',
    file: 'src/node-version.ts',
    text: 'major === oldestMajor && minor >= oldestMinor',
    put: 'major === oldestMajor',
    tests: [['tests/node-version.test.ts']]
  }
]
