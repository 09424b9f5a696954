import type { Guard } from '../guard.ts'

const plan = 'src/core/schedule/run-time/plan-put.ts'
const planTests = 'tests/core/schedule/run-time/plan-put.test.ts'
const writer = 'src/operations/schedule-writer.ts'
const writerTests = 'tests/operations/schedule-writer.test.ts'
const updateTests = 'tests/app/calls/run-time-updates.test.ts'

/** Schedules that calls put: whose they are, and that nothing of a call is lost or written twice. Rules 2 and 11. */
export const runTimeScheduleGuards: readonly Guard[] = [
  {
    name: 'calls-do-not-write-over-code',
    promise: 'A call writes over no schedule of code or of another app.',
    file: plan,
    text: "if (!mayChange(before, declaration.app)) return { outcome: 'owned' }",
    put: '',
    tests: [[planTests, 'what code declares is not put over']]
  },
  {
    name: 'calls-are-no-app',
    promise: 'The owner of what calls made is none that code can have.',
    file: 'src/core/schedule/owners.ts',
    text: "const MADE_BY_CALLS = ' calls of '",
    put: "const MADE_BY_CALLS = ''",
    tests: [[planTests, 'that names it is refused, until it is removed']]
  },
  {
    name: 'put-leaves-what-is-removed-for-good',
    promise: 'What a person removed for good is not put again.',
    file: plan,
    text: "if (before.phaseBy === 'for-good') return { outcome: 'removed-for-good' }",
    put: '',
    tests: [[planTests, 'removed for good stays removed']]
  },
  {
    name: 'the-same-put-writes-nothing',
    promise: 'The same definition put again writes nothing.',
    file: plan,
    text: "return { outcome: 'unchanged', decision: undefined }",
    put: "return { outcome: 'unchanged', decision: edit(before, declaration, context) }",
    tests: [[planTests, 'put again as it is']]
  },
  {
    name: 'a-note-ends-with-its-pause',
    promise: 'The note of a pause ends with the pause.',
    file: 'src/core/schedule/change.ts',
    text: "after.phase === 'paused' ? after : { ...after, pauseNote: undefined }",
    put: 'after',
    tests: [[planTests, 'ends with the pause, however that ends']]
  },
  {
    name: 'a-note-is-of-its-revision',
    promise: 'A note that an earlier release left behind explains no other pause.',
    file: 'src/stores/sql/schedule-rows.ts',
    text: 'return notedAt === revision ? note : undefined',
    put: 'return notedAt <= revision ? note : undefined',
    tests: [['tests/stores/sql/schedule-rows.test.ts']]
  },
  {
    name: 'an-update-starts-from-what-is-there',
    promise: 'An update that lost a race changes what the other one wrote.',
    file: writer,
    text: "if (answer === 'written') return answerOf('changed', decision.state)",
    put: "if (answer !== undefined) return answerOf('changed', decision.state)",
    tests: [[writerTests, 'an update is read again too']]
  },
  {
    name: 'a-lost-race-is-put-again',
    promise: 'A put that lost a race is read and planned again.',
    file: writer,
    text: "if (written[index] === 'written') answers.set(",
    put: 'if (written[index] !== undefined) answers.set(',
    tests: [[writerTests, 'is read again when somebody else wrote meanwhile']]
  },
  {
    name: 'an-update-keeps-the-spread',
    promise: 'An update of the trigger keeps the spread.',
    file: 'src/core/schedule/run-time/update-options.ts',
    text: 'spread: update.spread ?? spread,',
    put: 'spread: update.spread ?? 0,',
    tests: [[updateTests, 'a new trigger keeps the spread']]
  }
]
