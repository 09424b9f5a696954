import type { Guard } from '../guard.ts'

/** The processes of one command: their start, restart, roll and stop. */
export const launchingGuards: readonly Guard[] = [
  {
    name: 'stop-retires-before-all-else',
    promise: 'With the order to stop nothing more is begun, before anything is waited for.',
    file: 'src/launcher/process/orderly-stop.ts',
    text: "    await this.#part('the claiming', graceMs, async () => parts.retire())\n",
    put: '',
    tests: [['tests/launcher/process/orderly-stop.test.ts', 'nothing more is claimed before all else']]
  },
  {
    name: 'stop-has-one-grace',
    promise: 'Handlers have what the connections have left of the same grace.',
    file: 'src/launcher/process/orderly-stop.ts',
    text: 'parts.endJobs(jobsMs)',
    put: 'parts.endJobs(graceMs)',
    tests: [['tests/launcher/process/orderly-stop.test.ts', 'nothing more is claimed before all else']]
  },
  {
    name: 'same-order-is-no-haste',
    promise: 'The same order to stop again is no haste.',
    file: 'src/launcher/process/orderly-stop.ts',
    text: 'if (before.haste === now.haste) return',
    put: '',
    tests: [['tests/launcher/process/orderly-stop.test.ts', 'the same order again']]
  },
  {
    name: 'stop-leaves-what-does-not-end',
    promise: 'A part of the stop that throws is said, and the rest is done.',
    file: 'src/launcher/process/orderly-stop.ts',
    text: 'const ending = end()\n      if (await within(clock, ms, ending)) return',
    put: 'const ending = end()\n      if (await within(clock, 100 * ms, ending)) return',
    tests: [['tests/launcher/process/orderly-stop.test.ts', 'what does not end']]
  },
  {
    name: 'signal-and-its-echo-are-one',
    promise: 'A signal that comes with its echo is one.',
    file: 'src/launcher/stop-signals.ts',
    text: 'if (sinceMs < ECHO_MS) return current',
    put: '',
    tests: [['tests/launcher/decisions.test.ts', 'one that comes with its echo is one']]
  },
  {
    name: 'interrupt-twice-is-at-once',
    promise: 'Ctrl-C twice ends at once.',
    file: 'src/launcher/stop-signals.ts',
    text: "if (signal === 'SIGINT' && current === 'graceful') return 'now'",
    put: '',
    tests: [['tests/launcher/decisions.test.ts', 'SIGINT twice is at once']]
  },
  {
    name: 'kill-comes-after-every-grace',
    promise: 'A process is killed only after every grace that it was given.',
    file: 'src/launcher/stop-signals.ts',
    text: 'graceOf(haste, graces) + graces.abortGraceMs + MARGIN_MS',
    put: 'graceOf(haste, graces) + graces.abortGraceMs',
    tests: [
      ['tests/launcher/decisions.test.ts', 'more haste is less grace'],
      ['tests/launcher/process/orderly-stop.test.ts', 'it ends by itself before it is killed']
    ]
  },
  {
    name: 'crash-loop-ends',
    promise: 'A process that keeps ending early is given up.',
    file: 'src/launcher/master/restart.ts',
    text: 'if (isFinal || inARow > limit)',
    put: 'if (isFinal || inARow > 2 * limit)',
    tests: [['tests/launcher/decisions.test.ts', 'it is given up after so many early ends']]
  },
  {
    name: 'hopeless-start-is-not-repeated',
    promise: 'What would fail again in the same way is not tried again.',
    file: 'src/launcher/master/restart.ts',
    text: 'if (isFinal || inARow > limit)',
    put: 'if (inARow > limit)',
    tests: [['tests/launcher/decisions.test.ts', 'what would fail again in the same way']]
  },
  {
    name: 'old-process-stays-until-the-new-is-ready',
    promise: 'A replacement lets the old process go only when the new one is ready.',
    file: 'src/launcher/master/position.ts',
    text: 'const early = await Promise.race([successor.ready, successor.ended])',
    put: 'const early = await Promise.race([Promise.resolve(), successor.ended])',
    tests: [['tests/launcher/master/position.test.ts', 'lets the old one go only when the new one is ready']]
  },
  {
    name: 'roll-replaces-makers-last',
    promise: 'A roll replaces those who run jobs before those who make them.',
    file: 'src/launcher/master/plan.ts',
    text: "['worker', 'scheduler', 'app', 'web']",
    put: "['web', 'worker', 'scheduler', 'app']",
    tests: [['tests/launcher/master/plan.test.ts', 'a roll replaces those who run jobs']]
  },
  {
    name: 'exit-status-of-a-kill',
    promise: 'The exit status tells when a process had to be killed.',
    file: 'src/launcher/master/master.ts',
    text: 'isKilled && this.#code === exitCodes.stopped ? exitCodes.killed : this.#code',
    put: 'isKilled && this.#haste === undefined ? exitCodes.killed : this.#code',
    tests: [['tests/launcher/master/master.test.ts', 'is told apart when one had to be killed']]
  },
  {
    name: 'exit-status-is-documented',
    promise: 'The guide names every exit status.',
    file: 'src/launcher/exit-codes.ts',
    text: 'crashLoop: 3,',
    put: 'crashLoop: 7,',
    tests: [['tests/launcher/exit-codes.test.ts']]
  },
  {
    name: 'own-port-on-loopback',
    promise: 'A process without the app answers on loopback unless a token is configured.',
    file: 'src/launcher/process/listen-plan.ts',
    text: 'api.token === undefined ? LOOPBACK : host',
    put: 'host',
    tests: [['tests/launcher/process/listen-plan.test.ts', 'a process without the app answers']]
  },
  {
    name: 'kept-alive-connections-hear-of-the-end',
    promise: 'With a successor a connection that is kept alive gets one more answer, which is its last.',
    file: 'src/launcher/process/http-servers.ts',
    text: '    this.#answers.areLast = true\n',
    put: '',
    tests: [['tests/launcher/process/http-servers.test.ts', 'with a successor a connection that is kept alive']]
  },
  {
    name: 'web-processes-are-not-replaced-together',
    promise: 'Equal web processes are not replaced after equally many requests.',
    file: 'src/launcher/process/max-requests.ts',
    text: 'const JITTER = 0.1',
    put: 'const JITTER = 0',
    tests: [['tests/launcher/decisions.test.ts', 'equal web processes']]
  }
]
