import { describe, expect, test } from 'vitest'
import type { JobState } from '../../../src/core/job/job.ts'
import {
  LONE_DEATHS_OF_POISON,
  type Outcome,
  rescueFailure,
  type RunningJob,
  stateAfterReport,
  stateAfterRescue
} from '../../../src/core/job/settle.ts'

const job = (over: Partial<RunningJob> = {}): RunningJob => ({
  delivery: 'at-least-once',
  startedAt: undefined,
  cancelRequestedAt: undefined,
  rescues: 0,
  ...over
})
const failure = { attempt: 1, at: 0, message: 'no' }
const completed: Outcome = { kind: 'completed', result: undefined }
const retried: Outcome = { kind: 'failed', failure, retryAt: 9 }
const final: Outcome = { kind: 'failed', failure, retryAt: undefined }
const givenBack: Outcome = { kind: 'given-back' }
const snoozed: Outcome = { kind: 'snoozed', until: 9 }

const begun = { delivery: 'at-most-once', startedAt: 5 } as const
const unbegun = { delivery: 'at-most-once' } as const
const cancelling = { cancelRequestedAt: 7 } as const

describe('after a report', () => {
  test.each<[string, Partial<RunningJob>, Outcome, JobState]>([
    ['a success', {}, completed, 'completed'],
    ['a failure with a time to retry', {}, retried, 'retryable'],
    ['a last failure', {}, final, 'discarded'],
    ['a give-back', {}, givenBack, 'available'],
    ['a success of a job that is to be cancelled stands', cancelling, completed, 'completed'],
    ['a failure of one is its cancel', cancelling, retried, 'cancelled'],
    ['a last failure of one is its cancel', cancelling, final, 'cancelled'],
    ['a give-back of one is its cancel', cancelling, givenBack, 'cancelled'],
    ['at most once, not begun: given back freely', unbegun, givenBack, 'available'],
    ['at most once, begun: never given back', begun, givenBack, 'discarded'],
    ['at most once, begun, to be cancelled: lost all the same', { ...begun, ...cancelling }, givenBack, 'discarded'],
    ['a snooze', {}, snoozed, 'scheduled'],
    ['a snooze of a job that is to be cancelled is its cancel', cancelling, snoozed, 'cancelled'],
    ['at most once, begun: never put off', begun, snoozed, 'discarded'],
    ['at most once is never retried', begun, retried, 'discarded'],
    ['at most once, a success', begun, completed, 'completed']
  ])('%s', (_what, over, outcome, state) => {
    expect(stateAfterReport(job(over), outcome)).toBe(state)
  })
})

describe('after a rescue', () => {
  test.each<[string, Partial<RunningJob>, JobState]>([
    ['it is there to be run again', {}, 'available'],
    ['after the first lone death', { rescues: 1 }, 'available'],
    ['after the second lone death', { rescues: 2 }, 'available'],
    ['after the third lone death it is poison', { rescues: LONE_DEATHS_OF_POISON }, 'discarded'],
    ['to be cancelled, it is', cancelling, 'cancelled'],
    ['at most once, begun: lost', begun, 'discarded'],
    ['at most once, not begun', unbegun, 'available']
  ])('%s', (_what, over, state) => {
    expect(stateAfterRescue(job(over))).toBe(state)
  })

  test('the reason is kept: lost or poison', () => {
    expect(rescueFailure(job(begun), 4)).toMatchObject({ at: 4, code: 'lost', attempt: 1 })
    expect(rescueFailure(job({ rescues: 3 }), 4)).toMatchObject({
      code: 'poison',
      message: expect.stringMatching(/lost 4 times.*last 3 times/)
    })
  })
})
