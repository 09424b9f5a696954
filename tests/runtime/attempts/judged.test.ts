import { describe, expect, test } from 'vitest'
import { EscapementError, type ErrorCode } from '../../../src/core/errors.ts'
import type { HandlerContext } from '../../../src/core/job/handler.ts'
import { task } from '../../../src/core/job/task.ts'
import { ABORT_GRACE_MS, heard, Lab, RENEW_EVERY_MS, START, turn } from '../lab.ts'
import * as v from 'valibot'

async function failingWith(handler: (context: HandlerContext) => unknown) {
  const lab = new Lab()
  const load = task('load', { handler, retry: ['1m'], maxAttempts: 5 })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  await node.work()
  return lab.onlyJob
}

const ordinary = { state: 'retryable', failures: 1, runAt: START + 60_000 }

describe('an error is not judged by its code', () => {
  const codes: readonly ErrorCode[] = [
    'attempt-stale',
    'payload-invalid',
    'stopped',
    'store-busy',
    'transaction-repeated'
  ]
  const makers: readonly (readonly [string, (code: ErrorCode) => unknown])[] = [
    ['of ours, from elsewhere', code => new EscapementError(code, 'x')],
    ['of the app', code => Object.assign(new Error('x'), { code })],
    ['that is only like one', code => ({ name: 'EscapementError', code, message: 'x' })],
    ['around one of ours', code => new Error('x', { cause: new EscapementError(code, 'y') })],
    ['of several', code => new AggregateError([new EscapementError(code, 'y')], 'x')]
  ]
  test.each(codes.flatMap(code => makers.map(([name, make]) => [code, name, make] as const)))(
    '%s, an error %s, is an ordinary failure',
    async (code, _, make) => {
      expect(
        await failingWith(() => {
          throw make(code)
        })
      ).toMatchObject({ ...ordinary, errors: [{ message: 'x' }] })
    }
  )

  test('a child’s payload that is refused is a failure of its parent, which is tried again', async () => {
    const lab = new Lab()
    const child = task('child', { schema: v.object({ crate: v.number() }), handler: () => undefined })
    const parent = task('parent', {
      retry: ['1m'],
      maxAttempts: 5,
      handler: async ({ attempt }) => {
        await node.enqueuer.enqueue(child, { crate: attempt === 1 ? 'one' : 1 })
      }
    })
    const node = await lab.started({ tasks: [parent, child] })
    const { id } = await node.enqueuer.enqueue(parent, null)
    await node.work()
    expect(lab.job(id)).toMatchObject({ ...ordinary, errors: [{ code: 'payload-invalid' }] })
    lab.clock.set(START + 60_000)
    await node.work()
    expect(lab.job(id).state).toBe('completed')
  })

  test.each([
    ['a step', ({ step }: HandlerContext) => step('x', () => new Map() as never)],
    ['the progress', ({ progress }: HandlerContext) => progress(new Map())],
    ['a transaction', ({ transaction }: HandlerContext) => transaction(() => new Map())]
  ])('%s that cannot be kept is a failure, which is tried again', async (_, handler) => {
    expect(await failingWith(handler)).toMatchObject({ ...ordinary, errors: [{ code: 'payload-invalid' }] })
  })

  test('the job’s own payload that its schema refuses ends the job', async () => {
    const lab = new Lab()
    const load = task('load', { schema: v.object({ crate: v.number() }), handler: () => undefined, maxAttempts: 5 })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(task('load', { handler: () => undefined }), { crate: 'one' })
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', failures: 1, errors: [{ code: 'payload-invalid' }] })
  })

  test('a schema that itself throws such an error refuses nothing', async () => {
    const lab = new Lab()
    const checked = v.rawCheck<unknown>(() => {
      throw new EscapementError('payload-invalid', 'x')
    })
    const load = task('load', { schema: v.pipe(v.unknown(), checked), handler: () => undefined, retry: ['1m'] })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(task('load', { handler: () => undefined }), null)
    await node.work()
    expect(lab.onlyJob).toMatchObject(ordinary)
  })
})

describe('what a handler made that was given up', () => {
  /** A task whose first job makes a queue that writes by a timer, and outlives its time limit. */
  async function poisoned(lab: Lab, end: Promise<unknown>) {
    const child = task('child', { handler: () => undefined })
    let shared: { readonly add: (payload: unknown) => Promise<unknown> } | undefined
    const makeShared = () => {
      const waiting: (() => void)[] = []
      // Runs in the context of the handler that made it, for whoever puts something in.
      const timer = setInterval(() => waiting.splice(0).forEach(write => write()), 1)
      ends.push(() => clearInterval(timer))
      return {
        add: (payload: unknown) =>
          new Promise((resolve, reject) =>
            waiting.push(() => void node.enqueuer.enqueue(child, payload).then(resolve, reject))
          )
      }
    }
    const ends: (() => void)[] = []
    const load = task('load', {
      timeout: '2s',
      retry: ['1h'],
      handler: async ({ payload }) => {
        shared ??= makeShared()
        if (payload === 'slow') await end
        else await shared.add(payload)
      }
    })
    const node = await lab.started({ tasks: [load, child], config: { worker: { concurrency: 5 } } })
    await node.enqueuer.enqueue(load, 'slow')
    await node.claim()
    await lab.clock.advance(2_000 + ABORT_GRACE_MS)
    await node.settle()
    const healthy = async (): Promise<string> => {
      const { id } = await node.enqueuer.enqueue(load, 'quick')
      await node.claim()
      await node.node.attempts.whenIdle()
      await node.settle()
      return lab.job(id).state
    }
    return { node, healthy, end: () => ends.forEach(each => each()) }
  }

  test('serves the others when that one has ended', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    const { healthy, end } = await poisoned(lab, gate.promise)
    gate.resolve()
    await turn()
    expect([await healthy(), await healthy()]).toEqual(['completed', 'completed'])
    end()
  })

  test('serves them again a minute later when that one never ends', async () => {
    const lab = new Lab()
    const { node, healthy, end } = await poisoned(lab, new Promise(() => undefined))
    // An ordinary failure: it is charged, and tried again.
    expect(await healthy()).toBe('retryable')
    for (let passedMs = 0; passedMs < 60_000; passedMs += RENEW_EVERY_MS) {
      await lab.clock.advance(RENEW_EVERY_MS)
      await node.renew()
    }
    expect(await healthy()).toBe('completed')
    end()
  })
})

test('a handler that outruns its time limit and then succeeds is told at the limit, and completed', async () => {
  const lab = new Lab()
  const gate = Promise.withResolvers<string>()
  const load = task('load', { timeout: '2s', handler: () => gate.promise })
  const node = await lab.started({ tasks: [load] })
  const [late, failed] = [heard(node.events, 'job.timed-out'), heard(node.events, 'job.failed')]
  await node.enqueuer.enqueue(load, null)
  await node.claim()
  await lab.clock.advance(1_999)
  expect(late).toEqual([])
  await lab.clock.advance(1)
  expect(late).toMatchObject([{ task: 'load', attempt: 1, timeoutMs: 2_000 }])
  gate.resolve('done')
  await turn()
  await node.settle()
  expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '"done"' })
  expect([late.length, failed.length]).toEqual([1, 0])
})
