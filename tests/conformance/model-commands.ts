import * as fc from 'fast-check'
import { expect } from 'vitest'

import type { Delivery } from '../../src/core/job/job.ts'
import type { Outcome } from '../../src/core/job/settle.ts'
import type { ClaimRequest } from '../../src/store/jobs.ts'
import { claimRequest, guardOf, jobId, newJob, nodeRecord, readState } from './fixtures.ts'
import type { Model } from './model-state.ts'
import * as rules from './model-state.ts'
import type { Command, Step } from './model-world.ts'
import { command, identityOf, SCHEDULE, SLOTS } from './model-world.ts'

const slot = fc.constantFrom(...SLOTS)
const jobNumber = fc.integer({ min: 1, max: 9 })
const attemptNumber = fc.nat({ max: 9 })
const everyTask = ['report', 'invoice']
const someTasks = fc.constantFrom(everyTask, everyTask, everyTask, ['report'], ['invoice'])

/** One of all attempts ever given out; the newest ones first, so that small numbers mean what is likely current. */
const attemptOf = (model: Model, number: number): { id: string; fence: number } =>
  model.attempts[model.attempts.length - 1 - (number % Math.max(1, model.attempts.length))] ?? {
    id: jobId(99),
    fence: 1
  }

const newJobs = fc.array(
  fc.record({
    number: jobNumber,
    task: fc.constantFrom('report', 'invoice'),
    queue: fc.constantFrom('default', 'pictures'),
    priority: fc.integer({ min: -1, max: 1 }),
    delayMs: fc.constantFrom(0, 0, 0, 500, 2_000),
    uniqueKey: fc.constantFrom(undefined, undefined, undefined, 'berth 4'),
    scheduleId: fc.constantFrom(undefined, SCHEDULE),
    delivery: fc.constantFrom<Delivery>('at-least-once', 'at-most-once'),
    keepMs: fc.constantFrom(0, 86_400_000, 86_400_000, 86_400_000)
  }),
  { minLength: 1, maxLength: 4 }
)

const enqueue = command('enqueue', newJobs, batch => async (model, _world, store) => {
  const jobs = batch.map(({ number, delayMs, ...rest }) =>
    newJob({ ...rest, id: jobId(number), runAt: model.now + delayMs })
  )
  expect(await store.enqueue(jobs)).toEqual(jobs.map(job => rules.enqueue(model, job)))
})

const claims = fc.record({
  slot,
  /** How many identities ago: a claim of a zombie. */
  age: fc.constantFrom(0, 0, 0, 1),
  tasks: someTasks,
  queues: fc.constantFrom(undefined, undefined, undefined, ['default'], ['pictures']),
  limit: fc.integer({ min: 1, max: 5 }),
  mayTakeSolo: fc.boolean()
})

const claim = command('claim', claims, ({ slot, age, ...rest }) => (model, world, store) => {
  const node = identityOf(slot, Math.max(0, world.generations[slot]! - age))
  return claimStep(claimRequest({ ...rest, node }))(model, world, store)
})

const claimStep =
  (request: ClaimRequest): Step =>
  async (model, _world, store) => {
    const { taken, nextRunAt, solo } = rules.foretellClaim(model, request)
    const greatestBefore = model.greatestFence
    const answer = await store.claim(request)
    expect(answer.jobs.map(job => job.id)).toEqual(taken.map(job => job.id))
    for (const [index, job] of answer.jobs.entries()) {
      const expected = taken[index]!
      expect(job).toMatchObject({ attempt: expected.failures + 1, rescues: expected.rescues, runAt: expected.runAt })
      expect(job.fence).toBeGreaterThan(greatestBefore)
      rules.begin(model, expected, { fence: job.fence, node: request.node })
    }
    expect(new Set(answer.jobs.map(job => job.fence)).size).toBe(taken.length)
    expect(answer.soloSince === undefined).toBe(solo === 0)
    if (taken.length < request.limit) expect(answer.nextRunAt).toBe(nextRunAt)
  }

const outcomes = fc.constantFrom('completed', 'retryable', 'failed', 'given-back', 'snoozed')

const settle = command('settle', fc.array(fc.tuple(attemptNumber, outcomes), { minLength: 1, maxLength: 3 }), batch => {
  return async (model, _world, store) => {
    const reports = batch.map(([number, kind]) => ({
      ...attemptOf(model, number),
      outcome: outcomeOf(kind, model.now)
    }))
    const answers = await store.settle(reports)
    expect(answers).toEqual(reports.map(each => rules.report(model, each, each.outcome)))
  }
})

function outcomeOf(kind: string, now: number): Outcome {
  if (kind === 'given-back') return { kind }
  if (kind === 'completed') return { kind, result: '1' }
  if (kind === 'snoozed') return { kind, until: now + 700 }
  const retryAt = kind === 'retryable' ? now + 700 : undefined
  return { kind: 'failed', failure: { attempt: 1, at: now, message: 'fog' }, retryAt }
}

const transact = command(
  'transact',
  fc.record({ number: attemptNumber, throws: fc.boolean() }),
  ({ number, throws }) => {
    return async (model, _world, store) => {
      const attempt = attemptOf(model, number)
      const isCurrent = rules.current(model, attempt) !== undefined
      let runs = 0
      const body = (): string => {
        runs += 1
        if (throws) throw new Error('fog')
        return '1'
      }
      const answer = await store.transact(attempt, body).catch((error: unknown) => String(error))
      expect(answer).toBe(isCurrent ? (throws ? 'Error: fog' : 'written') : 'stale')
      expect(runs).toBe(isCurrent ? 1 : 0)
      if (isCurrent && !throws) rules.report(model, attempt, { kind: 'completed', result: '1' })
    }
  }
)

const start = command('start', attemptNumber, number => async (model, _world, store) => {
  const attempt = attemptOf(model, number)
  const job = rules.current(model, attempt)
  expect(await store.markStarted(attempt)).toBe(job !== undefined)
  if (job !== undefined) job.hasStarted = true
})

const writeBeside = command('step and progress', attemptNumber, number => async (model, _world, store) => {
  const attempt = attemptOf(model, number)
  const isCurrent = rules.current(model, attempt) !== undefined
  expect(await store.saveStep(attempt, { name: 'scrape', result: '1' })).toBe(isCurrent)
  expect(await store.saveProgress(attempt, '0.5')).toBe(isCurrent)
})

interface Crash {
  readonly slot: number
  readonly leaves: boolean
}

const crashes: fc.Arbitrary<Crash> = fc.record({ slot, leaves: fc.boolean() })

/** The process ends, with or without a word, and comes back under a new identity. */
const crashStep = ({ slot, leaves }: Crash): Step => {
  return async (model, world, store) => {
    const id = identityOf(slot, world.generations[slot]!)
    const node = (await store.listNodes()).find(each => each.id === id)
    if (leaves) await store.leave(id)
    else expect(await store.markLost(id, node!.counter)).toBe(true)
    model.aliveNodes.delete(id)
    expect(await store.renew(id)).toEqual({ phase: 'lost' })
    const next = identityOf(slot, ++world.generations[slot]!)
    await store.join(nodeRecord({ id: next }))
    model.aliveNodes.add(next)
  }
}

const crash = command('crash', crashes, crashStep)

const renew = command('renew', slot, slot => async (model, world, store) => {
  const id = identityOf(slot, world.generations[slot]!)
  const held = model.jobs.filter(job => job.state === 'running' && job.node === id)
  const renewal = await store.renew(id)
  if (renewal.phase !== 'alive') throw new Error(`${id} was lost.`)
  expect(renewal.held.toSorted((a, b) => a.fence - b.fence)).toEqual(
    held
      .map(job => ({ id: job.id, fence: job.fence, cancelRequested: job.isCancelRequested }))
      .toSorted((a, b) => a.fence! - b.fence!)
  )
})

const rescueStep = (limit: number): Step => {
  return async (model, _world, store) => {
    const stranded = rules.stranded(model)
    const rescued = await store.rescue(limit)
    expect(rescued).toHaveLength(Math.min(limit, stranded.length))
    for (const { id, node, state } of rescued) {
      const job = stranded.find(each => each.id === id)
      expect(job?.node).toBe(node)
      expect(state).toBe(rules.rescue(model, job!))
    }
  }
}

const rescue = command('rescue', fc.integer({ min: 1, max: 4 }), rescueStep)

/** All at once, so that a history comes to jobs that died again and again. */
const die = command('die', crashes, details => async (model, world, store) => {
  const node = identityOf(details.slot, world.generations[details.slot]!)
  await claimStep(claimRequest({ node, tasks: everyTask, limit: 2, mayTakeSolo: true }))(model, world, store)
  await crashStep(details)(model, world, store)
  await rescueStep(9)(model, world, store)
})

const cancel = command('cancel', fc.array(jobNumber, { minLength: 1, maxLength: 3 }), numbers => {
  return async (model, _world, store) => {
    const ids = numbers.map(jobId)
    expect(await store.cancel(ids)).toEqual(ids.map(id => rules.cancel(model, id)))
  }
})

const retry = command('retry', jobNumber, number => async (model, _world, store) => {
  const isOfSchedule = model.jobs.find(job => job.id === jobId(number))?.scheduleId !== undefined
  const guard = isOfSchedule ? guardOf(await readState(store, SCHEDULE)) : undefined
  const answer = await store.retry(jobId(number), guard)
  expect(answer).toBe(rules.retry(model, jobId(number)))
  if (guard === undefined) return
  expect((await readState(store, SCHEDULE)).jobsCreated).toBe(guard.jobsCreated + (answer === 'retried' ? 1 : 0))
})

const pause = command(
  'pause',
  fc.record({ queue: fc.constantFrom('default', 'pictures'), paused: fc.constantFrom(false, false, true) }),
  ({ queue, paused }) =>
    async (model, _world, store) => {
      await store.pauseQueue(queue, paused)
      if (paused) model.pausedQueues.add(queue)
      else model.pausedQueues.delete(queue)
    }
)

const passTime = command('pass time', fc.constantFrom(1, 300, 1_000), ms => async (model, world) => {
  await world.clock.advance(ms)
  model.now += ms
})

/** Commands by how often they shall come: what brings jobs in and takes them comes most. */
const busy = [enqueue, enqueue, claim, claim, claim, settle, settle, passTime]
const rare = [transact, start, writeBeside, crash, renew, rescue, die, die, cancel, retry, pause]

/** Commands, as often as they shall come. */
export const anyCommand: readonly fc.Arbitrary<Command>[] = [...busy, ...rare]
