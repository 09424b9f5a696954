import * as fc from 'fast-check'
import { expect } from 'vitest'

import type { Delivery } from '../../src/core/job.ts'
import type { Outcome } from '../../src/core/settle.ts'
import type { Store } from '../../src/store/store.ts'
import type { ManualClock } from '../../src/testing/manual-clock.ts'
import { claimRequest, guardOf, jobId, newJob, nodeRecord, readState } from './fixtures.ts'
import type { Model } from './model-state.ts'
import * as rules from './model-state.ts'
import { expectSameBooks } from './model-books.ts'

export const SCHEDULE = 'minute-report'
/** Three processes; each has a new identity after every crash. */
export const SLOTS = [0, 1, 2] as const
export const identityOf = (slot: number, generation: number): string => `node-${slot}-${generation}`

/** The store under test, from both sides. */
export interface World {
  readonly clock: ManualClock
  readonly stores: readonly [Store, Store]
  /** How often each process has crashed. */
  readonly generations: number[]
}

type Step = (model: Model, world: World, store: Store) => Promise<void>

/** One step of a history: done on either connection, and followed by a look at all the books. */
class Command implements fc.AsyncCommand<Model, World> {
  readonly #title: string
  readonly #side: 0 | 1
  readonly #step: Step

  constructor(title: string, side: 0 | 1, step: Step) {
    this.#title = title
    this.#side = side
    this.#step = step
  }

  check(): boolean {
    return true
  }

  async run(model: Model, world: World): Promise<void> {
    await this.#step(model, world, world.stores[this.#side])
    await expectSameBooks(model, world.stores[1 - this.#side]!)
  }

  toString(): string {
    return this.#title
  }
}

const side = fc.constantFrom<0 | 1>(0, 1)
const slot = fc.constantFrom(...SLOTS)
const jobNumber = fc.integer({ min: 1, max: 12 })
const attemptNumber = fc.nat({ max: 30 })
const someTasks = fc.subarray(['report', 'invoice'], { minLength: 1 })

function command<T>(name: string, arbitrary: fc.Arbitrary<T>, stepOf: (details: T) => Step): fc.Arbitrary<Command> {
  return fc
    .tuple(arbitrary, side)
    .map(([details, at]) => new Command(`${name}(${JSON.stringify(details)}) on ${at}`, at, stepOf(details)))
}

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
    uniqueKey: fc.constantFrom(undefined, undefined, 'berth 4'),
    scheduleId: fc.constantFrom(undefined, SCHEDULE),
    delivery: fc.constantFrom<Delivery>('at-least-once', 'at-most-once'),
    keepMs: fc.constantFrom(0, 86_400_000)
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
  queues: fc.option(fc.subarray(['default', 'pictures'], { minLength: 1 }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 5 }),
  mayTakeSuspect: fc.boolean()
})

const claim = command('claim', claims, ({ slot, age, ...rest }) => async (model, world, store) => {
  const node = identityOf(slot, Math.max(0, world.generations[slot]! - age))
  const request = claimRequest({ ...rest, node })
  const { taken, nextRunAt, suspects } = rules.foretellClaim(model, request)
  const greatestBefore = model.greatestFence
  const answer = await store.claim(request)
  expect(answer.jobs.map(job => job.id)).toEqual(taken.map(job => job.id))
  for (const [index, job] of answer.jobs.entries()) {
    const expected = taken[index]!
    expect(job).toMatchObject({ attempt: expected.failures + 1, rescues: expected.rescues, runAt: expected.runAt })
    expect(job.fence).toBeGreaterThan(greatestBefore)
    rules.begin(model, expected, { fence: job.fence, node })
  }
  expect(new Set(answer.jobs.map(job => job.fence)).size).toBe(taken.length)
  expect(answer.suspectSince === undefined).toBe(suspects === 0)
  if (taken.length < request.limit) expect(answer.nextRunAt).toBe(nextRunAt)
})

const outcomes = fc.constantFrom('completed', 'retryable', 'failed', 'given-back')

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

const crash = command(
  'crash',
  fc.record({ slot, leaves: fc.boolean() }),
  ({ slot, leaves }) =>
    async (model, world, store) => {
      const id = identityOf(slot, world.generations[slot]!)
      if (leaves) await store.leave(id)
      else {
        const node = (await store.listNodes()).find(each => each.id === id)
        expect(await store.markLost(id, node!.counter)).toBe(true)
      }
      model.aliveNodes.delete(id)
      expect(await store.renew(id)).toEqual({ phase: 'lost' })
      const next = identityOf(slot, ++world.generations[slot]!)
      await store.join(nodeRecord({ id: next }))
      model.aliveNodes.add(next)
    }
)

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

const rescue = command('rescue', fc.integer({ min: 1, max: 4 }), limit => async (model, _world, store) => {
  const stranded = rules.stranded(model)
  const rescued = await store.rescue(limit)
  expect(rescued).toHaveLength(Math.min(limit, stranded.length))
  for (const { id, node, state } of rescued) {
    const job = stranded.find(each => each.id === id)
    expect(job?.node).toBe(node)
    expect(state).toBe(rules.rescue(model, job!))
  }
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
  expect((await readState(store, SCHEDULE)).jobsBorn).toBe(guard.jobsBorn + (answer === 'retried' ? 1 : 0))
})

const pause = command(
  'pause',
  fc.record({ queue: fc.constantFrom('default', 'pictures'), paused: fc.boolean() }),
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
const rare = [transact, start, writeBeside, crash, renew, rescue, rescue, cancel, retry, pause]

/** Commands, as often as they shall come. */
export const anyCommand: readonly fc.Arbitrary<Command>[] = [...busy, ...rare]
