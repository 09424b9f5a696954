import type { Guard } from '../guard.ts'

const decide = 'src/core/schedule/decide.ts'
const change = 'src/core/schedule/change.ts'
const undecide = 'src/core/schedule/undecide.ts'
const decideTests = 'tests/core/schedule/decide.test.ts'
const changeTests = 'tests/core/schedule/change.test.ts'

/** How fire times are decided: rules 1 to 5 of ARCHITECTURE.md. */
export const decidingGuards: readonly Guard[] = [
  {
    name: 'decided-until-only-grows',
    promise: 'A clock that went back takes back nothing of what was decided.',
    file: decide,
    text: 'Math.max(schedule.decidedUntil, context.now)',
    put: 'context.now',
    tests: [[decideTests, 'a clock that went back']]
  },
  {
    name: 'misfire-grace-exact',
    promise: 'A fire time exactly as late as its grace still fires.',
    file: decide,
    text: 'context.now - definition.misfireGraceMs - 1)',
    put: 'context.now - definition.misfireGraceMs)',
    tests: [[decideTests, 'exactly as late as the grace']]
  },
  {
    name: 'misfire-is-recorded',
    promise: 'A fire time found later than its grace is in the ledger as misfired.',
    file: decide,
    text: 'return [...misfired, ...limitInstances',
    put: 'return [...misfired.slice(1), ...limitInstances',
    tests: [[decideTests, 'misfire']]
  },
  {
    name: 'coalesce-latest-is-one',
    promise: 'Of several missed fire times `latest` fires one.',
    file: decide,
    text: "definition.coalesce === 'latest' ? 1 :",
    put: "definition.coalesce === 'latest' ? 2 :",
    tests: [[decideTests, 'coalesce']]
  },
  {
    name: 'coalesce-earliest-counts-the-rest',
    promise: 'What `earliest` does not fire is recorded as coalesced.',
    file: decide,
    text: "return [fire(earliest), ...rangeRuns(times, 'coalesced', earliest, until)]",
    put: 'return [fire(earliest)]',
    tests: [[decideTests, 'coalesce']]
  },
  {
    name: 'coalesce-cap',
    promise: 'One decision makes at most 10,000 jobs, whatever the cap says.',
    file: decide,
    text: 'Math.min(definition.coalesceCap, MAX_FIRES_PER_DECISION)',
    put: 'definition.coalesceCap',
    tests: [[decideTests, '10,000 at the most']]
  },
  {
    name: 'overlap-skip',
    promise: 'With `skip` a schedule has no more than `maxInstances` unfinished jobs.',
    file: decide,
    text: 'let room = maxInstances - liveJobs',
    put: 'let room = maxInstances',
    tests: [[decideTests, 'no fire while maxInstances jobs are live']]
  },
  {
    name: 'overlap-allow',
    promise: 'With `allow` every fire time fires, however many jobs are live.',
    file: decide,
    text: "if (overlap === 'allow') return [...runs]",
    put: '',
    tests: [[decideTests, 'allow: however many are live']]
  },
  {
    name: 'max-fires-ends',
    promise: 'A schedule ends with its last of `maxFires`.',
    file: decide,
    text: '--left === 0)',
    put: '--left < 0)',
    tests: [[decideTests, 'maxFires']]
  },
  {
    name: 'paused-is-recorded',
    promise: 'Fire times of a pause are in the ledger as paused.',
    file: decide,
    text: "if (schedule.phase === 'paused') return record(schedule, context, pausedRuns(schedule, context.now))",
    put: '',
    tests: [[decideTests, 'paused']]
  },
  {
    name: 'chain-names-the-next',
    promise: 'Each ledger row names the fire time that follows it.',
    file: decide,
    text: 'trigger.next(run.last))',
    put: 'trigger.next(run.first))',
    tests: [[decideTests, 'a month of pause of a one-second schedule']]
  },
  {
    name: 'next-due-is-valid',
    promise: 'The next fire time is later than all that is decided and not before the definition holds.',
    file: decide,
    text: '.next(Math.max(decidedUntil, schedule.validFrom))',
    put: '.next(decidedUntil)',
    tests: [[decideTests, 'the next fire time is later than both']]
  },
  {
    name: 'fire-id-follows-from-the-fire-time',
    promise: 'A fire time has one job id, whoever decides it.',
    file: 'src/core/schedule/fire-id.ts',
    text: '`${fireAt}\\n${scheduleId}`',
    put: '`${fireAt}\\n${scheduleId}\\n${performance.now()}`',
    tests: [[decideTests, 'one fire time']]
  },
  {
    name: 'change-decides-the-past-first',
    promise: 'A change decides every fire time until then under the old definition.',
    file: change,
    text: 'const decision = decide(before, context)',
    put: "const decision = decide({ ...before, phase: 'ended' }, context)",
    tests: [[changeTests, 'every change first decides']]
  },
  {
    name: 'change-holds-from-what-was-decided',
    promise: 'A change holds from the instant until which was decided, also after the clock went back.',
    file: change,
    text: 'validFrom: decision.state.decidedUntil }',
    put: 'validFrom: context.now }',
    tests: [[changeTests, 'with the clock gone back']]
  },
  {
    name: 'change-raises-the-revision',
    promise: 'Every change raises the revision, so that a decision which was read before it is a conflict.',
    file: change,
    text: '...after, revision: decision.state.revision + 1,',
    put: '...after,',
    tests: [[changeTests]]
  },
  {
    name: 'pause-outlives-an-edit',
    promise: 'A pause set by an operator outlives a new definition from code.',
    file: change,
    text: 'return isPaused ? declared :',
    put: 'return false ? declared :',
    tests: [
      [changeTests, 'of a paused schedule: the pause stays'],
      ['tests/core/schedule/register.test.ts', 'a pause that an operator set']
    ]
  },
  {
    name: 'revived-fires-anew',
    promise: 'A schedule that was removed and registered again counts its fires anew.',
    file: change,
    text: 'const fires = isNewLife ? 0 : decided.fires',
    put: 'const fires = decided.fires',
    tests: [[changeTests, 'a revived schedule counts its fires anew']]
  },
  {
    name: 'run-now-within-max-instances',
    promise: 'A run by hand respects `maxInstances`.',
    file: change,
    text: "if (overlap === 'skip' && context.liveJobs >= maxInstances) return undefined",
    put: '',
    tests: [[changeTests, 'is kept within maxInstances']]
  },
  {
    name: 'run-at-start-once-a-period',
    promise: 'Many starts within one period are one run at start.',
    file: change,
    text: 'return schedule.lastJobCreatedAt <= now - (next - previous)',
    put: 'return true',
    tests: [[changeTests, 'is wanted once a period']]
  },
  {
    name: 'undecide-keeps-what-fired',
    promise: 'What fired under a clock that ran ahead stays fired, and does not fire again.',
    file: undecide,
    text: 'firedAhead: firedAhead.length === 0 ? undefined : firedAhead,',
    put: 'firedAhead: undefined,',
    tests: [['tests/core/schedule/undecide.test.ts', 'stays fired and does not fire again']]
  },
  {
    name: 'undecide-raises-the-revision',
    promise: 'A decision that was read before an undecide does not go through.',
    file: undecide,
    text: 'revision: before.revision + 1,',
    put: '',
    tests: [['tests/core/schedule/undecide.test.ts', 'a decision that was read before it']]
  }
]
