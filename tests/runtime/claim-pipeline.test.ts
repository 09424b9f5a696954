import { expect, test } from 'vitest'
import type { ClaimedJob } from '../../src/core/job.ts'
import { task } from '../../src/core/task.ts'
import { Activity } from '../../src/runtime/activity.ts'
import type { Executor } from '../../src/runtime/executor.ts'
import { Lane, type LaneOptions } from '../../src/runtime/lane.ts'
import { Slots } from '../../src/runtime/slots.ts'
import type { Claim, ClaimRequest } from '../../src/store/jobs.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { turn } from './lab.ts'

interface Sent {
  readonly limit: number
  /** Answers with so many jobs. */
  readonly answer: (jobs: number) => Promise<void>
}

/** A lane of a thousand slots, whose jobs never end, on a store that answers when it is told to. */
function laneOf({ slots = 1_000, mayClaimAhead = true } = {}) {
  const sent: Sent[] = []
  const load = task('load', { handler: () => undefined })
  let fence = 0
  const claim = ({ limit }: ClaimRequest): Promise<Claim> => {
    const { promise, resolve } = Promise.withResolvers<Claim>()
    const answer = async (count: number): Promise<void> => {
      const jobs = Array.from({ length: count }, () => ({ task: 'load', fence: ++fence, rescues: 0 }) as ClaimedJob)
      resolve({ jobs, nextRunAt: undefined, suspectSince: undefined })
      await turn()
    }
    sent.push({ limit, answer })
    return promise
  }
  const clock = new ManualClock()
  const executor = { begin: () => undefined, knows: () => true } as Pick<Executor, 'begin' | 'knows'>
  const lane = new Lane({
    store: { claim },
    clock,
    activity: new Activity(),
    executor,
    nodeId: () => 'node',
    task: () => load,
    tasks: () => ['load'],
    queues: undefined,
    slots: new Slots(slots),
    mayClaimAhead,
    lookEveryMs: 1_000
  } as unknown as LaneOptions)
  return { lane, clock, sent, limits: () => sent.map(({ limit }) => limit) }
}

test('there is no second claim before a first one has got all that it asked for', async () => {
  const { lane, sent, limits } = laneOf()
  const first = lane.tick()
  expect(await lane.assist()).toBeGreaterThan(1_000)
  await sent[0]!.answer(499)
  expect(await first).toBe(1_000)
  void lane.tick()
  expect(await lane.assist()).toBeGreaterThan(1_000)
  expect(limits()).toEqual([500, 500])
})

test('while there is plenty a second claim is under way beside the first, and together they ask for no more than there is room for', async () => {
  const { lane, clock, sent, limits } = laneOf({ slots: 1_300 })
  const first = lane.tick()
  await sent[0]!.answer(500)
  expect(await first).toBe(0)
  const second = lane.tick()
  await clock.advance(7)
  const third = lane.assist()
  expect(limits()).toEqual([500, 500, 300])
  expect(await lane.assist()).toBeGreaterThan(1_000)
  expect(lane.claimSentAt).toBe(clock.monotonic() - 7)
  await sent[2]!.answer(300)
  expect(await third).toBe(0)
  await sent[1]!.answer(500)
  expect([await second, lane.claimSentAt]).toEqual([0, undefined])
})

test('a few free slots are not worth a claim of their own beside another', async () => {
  const { lane, sent, limits } = laneOf({ slots: 1_249 })
  void lane.tick()
  await sent[0]!.answer(500)
  void lane.tick()
  expect(await lane.assist()).toBeGreaterThan(1_000)
  expect(limits()).toEqual([500, 500])
})

test('only where several jobs run at once, and may be claimed before they begin, is a second claim of use', () => {
  const takes = (given: Parameters<typeof laneOf>[0]): boolean => laneOf(given).lane.takesAssistance
  expect([takes({}), takes({ slots: 1 }), takes({ mayClaimAhead: false })]).toEqual([true, false, false])
})
