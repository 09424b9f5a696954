import { describe, expect, test } from 'vitest'
import { AttemptAborted, type HandlerContext } from '../../../src/core/job/handler.ts'
import { task } from '../../../src/core/job/task.ts'
import { ABORT_GRACE_MS, heard, Lab, RENEW_EVERY_MS, turn } from '../lab.ts'

const untilAborted = ({ signal }: HandlerContext): Promise<never> =>
  new Promise((_resolve, reject) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- The reason of our signals is an error.
    signal.addEventListener('abort', () => reject(signal.reason))
  })

const reasonOf = (signal: AbortSignal | undefined): unknown =>
  signal?.reason instanceof AttemptAborted ? signal.reason.reason : undefined

describe('a time-out', () => {
  test('aborts the signal, and the attempt fails', async () => {
    const lab = new Lab()
    const load = task('load', { timeout: '2s', retry: ['1m'], handler: untilAborted })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.claim()
    await lab.clock.advance(1_999)
    expect(node.node.attempts.running).toBe(1)
    await lab.clock.advance(1)
    expect(node.node.attempts.running).toBe(0)
    await node.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', failures: 1, runAt: lab.clock.now() + 60_000 })
    expect(lab.onlyJob.errors[0]?.message).toContain('time limit')
  })

  test('is over with the attempt: it does not abort the signal of one that has ended', async () => {
    const lab = new Lab()
    let signal: AbortSignal | undefined
    const load = task('load', { timeout: '2s', handler: context => void (signal = context.signal) })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    const timers = lab.clock.pending
    await node.work()
    expect(lab.clock.pending).toBe(timers)
    await lab.clock.advance(10_000)
    expect(signal?.aborted).toBe(false)
  })

  test('reaches a handler that asks for its signal only afterwards', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    let reason: unknown
    const load = task('load', {
      timeout: '2s',
      handler: async context => {
        await gate.promise
        reason = reasonOf(context.signal)
      }
    })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.claim()
    await lab.clock.advance(2_000)
    gate.resolve()
    await turn()
    expect(reason).toBe('timeout')
  })
})

describe('a handler that ignores its signal', () => {
  async function hung(lab: Lab) {
    const gate = Promise.withResolvers<unknown>()
    const late: unknown[] = []
    const load = task('load', {
      timeout: '2s',
      retry: ['1h'],
      handler: async ({ payload, progress, step }) => {
        if (payload !== null) return 'a neighbour'
        await gate.promise
        await progress('late').catch((error: unknown) => late.push(error))
        await step('late', () => 1).catch((error: unknown) => late.push(error))
        await node.enqueuer.enqueue(load, null).catch((error: unknown) => late.push(error))
        return 'late'
      }
    })
    const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1 } } })
    const { id } = await node.enqueuer.enqueue(load, null)
    const events = heard(node.events, 'job.hung')
    await node.claim()
    await lab.clock.advance(2_000 + ABORT_GRACE_MS - 1)
    expect(events).toEqual([])
    await lab.clock.advance(1)
    expect(events).toMatchObject([{ jobId: id, graceMs: ABORT_GRACE_MS }])
    await node.settle()
    return { node, load, gate, late, id }
  }

  test('is fenced off after the grace, and its slot goes to others', async () => {
    const lab = new Lab()
    const { node, load, id, gate } = await hung(lab)
    expect(lab.job(id)).toMatchObject({ state: 'retryable', failures: 1 })
    expect(node.node.attempts.running).toBe(1)
    const neighbour = await node.enqueuer.enqueue(load, 'neighbour')
    await node.work()
    expect(lab.job(neighbour.id).state).toBe('completed')
    gate.resolve('end')
    await turn()
    expect(node.node.attempts.running).toBe(0)
  })

  test('changes nothing by what it does later', async () => {
    const lab = new Lab()
    const { node, gate, late, id } = await hung(lab)
    const before = lab.job(id)
    gate.resolve('end')
    await turn()
    await node.settle()
    expect(lab.job(id)).toEqual(before)
    expect(lab.books.jobs.size).toBe(1)
    expect(late).toMatchObject([{ code: 'attempt-stale' }, { code: 'attempt-stale' }, { code: 'attempt-stale' }])
  })
})

describe('the cancel of a running job', () => {
  async function running(lab: Lab, handler: (context: HandlerContext) => unknown) {
    const load = task('load', { handler })
    const node = await lab.started({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    await node.claim()
    expect(await node.operator.cancel(id)).toBe('requested')
    return node
  }

  test('aborts its signal with the next renewal, and it ends as cancelled', async () => {
    const lab = new Lab()
    let signal: AbortSignal | undefined
    const node = await running(lab, context => {
      signal = context.signal
      return untilAborted(context)
    })
    const [failed, cancelled] = [heard(node.events, 'job.failed'), heard(node.events, 'job.cancelled')]
    expect(signal?.aborted).toBe(false)
    await node.renew()
    await turn()
    await node.settle()
    expect(reasonOf(signal)).toBe('cancelled')
    expect(lab.onlyJob.state).toBe('cancelled')
    expect([failed.length, cancelled.length]).toEqual([0, 1])
  })

  test('lets a success that is settled first stand', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    const node = await running(lab, () => gate.promise)
    gate.resolve()
    await turn()
    await node.settle()
    await node.renew()
    expect(lab.onlyJob.state).toBe('completed')
  })

  test('of a handler that ignores it is cancelled after the grace', async () => {
    const lab = new Lab()
    const node = await running(lab, () => Promise.withResolvers<void>().promise)
    await node.renew()
    await lab.clock.advance(ABORT_GRACE_MS)
    await node.settle()
    expect(lab.onlyJob.state).toBe('cancelled')
    lab.clock.set(lab.clock.now() + RENEW_EVERY_MS)
    await node.renew()
    expect(node.node.settler.pending).toBe(0)
  })
})
