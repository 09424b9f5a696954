import type { Guard } from '../guard.ts'

const signalTests = 'tests/e2e/signals.test.ts'
const tickTests = 'tests/app/tick.test.ts'
const tick = 'src/runtime/tick.ts'
const nestTests = 'tests/mount/nest.test.ts'
const nextTests = 'tests/mount/next.test.ts'

/** An Escapement in the process of an app or framework: signals, ticks and requests. Rule 14. */
export const mountingGuards: readonly Guard[] = [
  {
    name: 'signals-reach-the-app-last',
    promise: "The app's own listeners for SIGTERM run after jobs and books have ended.",
    file: 'src/launcher/process/own-signals.ts',
    text: '    takers[name as Signal]?.()\n    return true',
    put: '    takers[name as Signal]?.()\n    return emit(name, ...facts)',
    tests: [[signalTests, 'SIGTERM ends an idle process']]
  },
  {
    name: 'signals-reach-the-app',
    promise: "The app's own listeners for SIGTERM are called.",
    file: 'src/app/stop-of-process.ts',
    text: "appListeners().map(async listener => listener('SIGTERM'))",
    put: '[]',
    tests: [[signalTests, 'SIGTERM ends an idle process']]
  },
  {
    name: 'a-signal-retires-before-requests-end',
    promise: 'With the signal nothing more is claimed, while requests are still answered.',
    file: 'src/app/stop-of-process.ts',
    text: '        nodes.retire()\n',
    put: '',
    tests: [[signalTests, 'a request under way is answered']]
  },
  {
    name: 'a-signal-closes-servers',
    promise: 'With the signal a request under way is answered and no new one is taken.',
    file: 'src/app/stop-of-process.ts',
    text: 'drain: (graceMs, options) => servers.drain(graceMs, options),',
    put: 'drain: async () => undefined,',
    tests: [[signalTests, 'a request under way is answered']]
  },
  {
    name: 'a-second-signal-hurries',
    promise: 'A second Ctrl-C ends the grace of the handlers.',
    file: 'src/app/stop-of-process.ts',
    text: 'hurryJobs: () => nodes?.hurry(),',
    put: 'hurryJobs: () => undefined,',
    tests: [[signalTests, 'a second Ctrl-C']]
  },
  {
    name: 'ticks-take-turns',
    promise: 'Ticks of one Escapement run one after another.',
    file: 'src/app/ticks.ts',
    text: 'this.#last.then(() => this.#run(endAt))',
    put: 'this.#run(endAt)',
    tests: [[tickTests, 'one after another']]
  },
  {
    name: 'a-stop-ends-the-tick',
    promise: 'A stop ends the tick under way.',
    file: tick,
    text: 'if (ending?.aborted || clock.monotonic() >= endAt) return false',
    put: 'if (clock.monotonic() >= endAt) return false',
    tests: [[tickTests, 'a stop ends the tick']]
  },
  {
    name: 'a-stop-refuses-the-waiting-tick',
    promise: 'A tick that waits when its Escapement is stopped is refused.',
    file: 'src/app/ticks.ts',
    text: "    if (ending.aborted) throw new EscapementError('stopped', 'This Escapement was stopped before the tick began.')\n",
    put: '',
    tests: [[tickTests, 'a stop ends the tick']]
  },
  {
    name: 'a-tick-renews-its-lease',
    promise: 'A tick renews its lease until its handlers have ended.',
    file: tick,
    text: '    node.startUpkeep()\n',
    put: '',
    tests: [[tickTests, 'its lease is renewed']]
  },
  {
    name: 'a-tick-waits-for-a-dead-node',
    promise: 'A tick waits for the jobs of a process that died as long as its lease lasts.',
    file: tick,
    text: 'if (isIdle && !(await rescue.mayBeRescued())) return true',
    put: 'if (isIdle) return true',
    tests: [[tickTests, 'jobs of a process that died']]
  },
  {
    name: 'a-tick-counts-what-is-put-off',
    promise: 'A tick counts each attempt that ended, those that put a job off too.',
    file: tick,
    text: "'job.snoozed', ",
    put: '',
    tests: [[tickTests, 'it counts each attempt']]
  },
  {
    name: 'other-paths-are-the-apps',
    promise: 'A mounted handler leaves every other path to the app.',
    file: 'src/http/api-path.ts',
    text: '(health|scheduler)(?=[/?]|$)',
    put: '(health|scheduler)',
    tests: [['tests/http/node-handler.test.ts', 'paths of others go on']]
  },
  {
    name: 'a-router-may-cut-the-url',
    promise: 'Below a path of a router the API is found by the URL as it was.',
    file: 'src/http/node-handler.ts',
    text: '[url, originalUrl].find(isApiPath)',
    put: '[url].find(isApiPath)',
    tests: [['tests/http/node-handler.test.ts', 'below']]
  },
  {
    name: 'nest-makes-the-handlers',
    promise: 'The instance that Nest made handles the jobs of its class.',
    file: 'src/mount/nest.ts',
    text: 'carryOut(handlerClass, instance)',
    put: 'void instance',
    tests: [[nestTests, 'asks Nest for the handler classes']]
  },
  {
    name: 'nest-ends-the-escapement',
    promise: 'The Escapement stops with the modules of Nest.',
    file: 'src/mount/nest.ts',
    text: 'return this.#escapement.stop()',
    put: 'return Promise.resolve()',
    tests: [[nestTests, 'asks Nest for the handler classes']]
  },
  {
    name: 'nest-names-a-missing-handler',
    promise: 'A handler class of which Nest has no instance is named at the start.',
    file: 'src/mount/nest.ts',
    text: '!this.#instances.has(each)',
    put: 'false',
    tests: [[nestTests, 'a handler class that forRootAsync() was not told of']]
  },
  {
    name: 'a-build-starts-nothing',
    promise: 'A build of Next, which loads modules too, starts nothing.',
    file: 'src/mount/next.ts',
    text: "  if (process.env['NEXT_PHASE'] === 'phase-production-build') return\n",
    put: '',
    tests: [[nextTests, 'a build starts nothing']]
  },
  {
    name: 'next-starts-once',
    promise: 'In production the copies of a module that Next loads start one Escapement.',
    file: 'src/mount/next.ts',
    text: 'started.has(books)',
    put: 'false',
    tests: [[nextTests, 'in production']]
  },
  {
    name: 'an-own-route-wins',
    promise: "An app's own answer at a usual path stands.",
    file: 'src/launcher/process/left-free.ts',
    text: 'response.statusCode === 404 && !response.headersSent',
    put: '!response.headersSent',
    tests: [['tests/launcher/process/left-free.test.ts', "an app's own route wins"]]
  },
  {
    name: 'usual-paths-are-shut-with-the-api',
    promise: 'While the API is off, it serves no usual path.',
    file: 'src/launcher/process/web-server.ts',
    text: 'if (target === undefined || !isServed(target))',
    put: 'if (target === undefined)',
    tests: [['tests/launcher/process/left-free.test.ts', 'while the API is off']]
  },
  {
    name: 'a-client-stays-where-it-was-sent',
    promise: 'The client takes a token nowhere else.',
    file: 'src/client/create-client.ts',
    text: "    redirect: 'error',\n",
    put: '',
    tests: [['tests/client/client.test.ts', 'follows no redirect']]
  }
]
