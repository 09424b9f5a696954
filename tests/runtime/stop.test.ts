import { describe, expect, test } from 'vitest'
import { AttemptAborted, type HandlerContext } from '../../src/core/job/handler.ts'
import { task } from '../../src/core/job/task.ts'
import { ABORT_GRACE_MS, failing, heard, Lab, turn, withheld } from './lab.ts'

const GRACE_MS = 10_000

/** A node that runs one job; the handler ends when it is told to, or when its signal is aborted if it listens. */
async function atWork(lab: Lab, { listens }: { listens: boolean }) {
  const gate = Promise.withResolvers<string>()
  const signals: AbortSignal[] = []
  const handler = ({ signal }: HandlerContext): Promise<string> => {
    signals.push(signal)
    if (listens) signal.addEventListener('abort', () => gate.reject(signal.reason))
    return gate.promise
  }
  const load = task('load', { handler })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1 } } })
  const { id } = await node.enqueuer.enqueue(load, null)
  await node.claim()
  const stopped = heard(node.events, 'node.stopped')
  return { node, load, id, gate, signals, stopped }
}

const phases = (lab: Lab): string[] => [...lab.books.nodes.values()].map(({ phase }) => phase)

describe('a graceful stop', () => {
  test('waits for handlers, writes their reports, and leaves', async () => {
    const lab = new Lab()
    const { node, id, gate, signals, stopped } = await atWork(lab, { listens: true })
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS - 1)
    expect(signals[0]?.aborted).toBe(false)
    gate.resolve('done')
    await turn()
    await node.settle()
    await stopping
    expect(lab.job(id)).toMatchObject({ state: 'completed', result: '"done"' })
    expect(stopped).toMatchObject([{ leftRunning: 0 }])
    expect(phases(lab)).toEqual(['left'])
  })

  test('claims nothing more at once', async () => {
    const lab = new Lab()
    const { node, load, gate } = await atWork(lab, { listens: true })
    const stopping = node.stop(GRACE_MS)
    const next = await node.enqueuer.enqueue(load, null)
    gate.resolve('done')
    await turn()
    await node.claim()
    expect(lab.job(next.id).state).toBe('available')
    await node.settle()
    await stopping
  })

  test('begins nothing of a claim that is answered after it, and gives it back uncharged', async () => {
    const lab = new Lab()
    let runs = 0
    const load = task('load', { handler: () => void runs++ })
    const node = await lab.started({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    const claim = withheld(node.store, 'claim')
    const claiming = node.claim()
    const stopping = node.stop(GRACE_MS)
    claim.letGo()
    await claiming
    await node.settle()
    await stopping
    expect(runs).toBe(0)
    expect(lab.job(id)).toMatchObject({ state: 'available', failures: 0, rescues: 0 })
  })

  test('aborts the signals after the grace; what ends then is given back uncharged', async () => {
    const lab = new Lab()
    const { node, id, signals, stopped } = await atWork(lab, { listens: true })
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS)
    expect(signals[0]?.reason).toBeInstanceOf(AttemptAborted)
    expect(signals[0]?.reason).toMatchObject({ reason: 'stopping' })
    await node.settle()
    await stopping
    expect(lab.job(id)).toMatchObject({ state: 'available', failures: 0, rescues: 0 })
    expect(stopped).toMatchObject([{ leftRunning: 0 }])
  })

  test('a second stop hurries the first', async () => {
    const lab = new Lab()
    const { node, signals } = await atWork(lab, { listens: true })
    const stopping = node.stop(GRACE_MS)
    await turn()
    void node.stop(GRACE_MS)
    await turn()
    expect(signals[0]?.aborted).toBe(true)
    await node.settle()
    await stopping
  })

  test('a handler that ignores its signal is left running, and keeps the identity', async () => {
    const lab = new Lab()
    const { node, id, gate, stopped } = await atWork(lab, { listens: false })
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS)
    await node.renew()
    await lab.clock.advance(ABORT_GRACE_MS)
    await stopping
    expect(stopped).toMatchObject([{ leftRunning: 1 }])
    expect(lab.job(id).state).toBe('running')
    expect(phases(lab)).toEqual(['alive'])
    gate.resolve('late')
  })

  test('leaves no timer behind', async () => {
    const lab = new Lab()
    const node = await lab.started()
    await node.stop(GRACE_MS)
    expect(lab.clock.pending).toBe(0)
  })

  test('ends although the books cannot be told: the identity is left to expire', async () => {
    const lab = new Lab()
    const node = await lab.started()
    const stopped = heard(node.events, 'node.stopped')
    failing(node.store, 'leave')
    await node.stop(GRACE_MS)
    expect(stopped).toHaveLength(1)
    expect(phases(lab)).toEqual(['alive'])
  })
})

test('what was claimed ahead and not begun is given back uncharged, and counted', async () => {
  const lab = new Lab()
  const gate = Promise.withResolvers<void>()
  const load = task('load', { handler: ({ payload }) => (payload === 'quick' ? undefined : gate.promise) })
  const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1 } } })
  for (let count = 0; count < 6; count++) {
    await node.enqueuer.enqueue(load, 'quick')
    await node.work()
    await lab.clock.advance(10)
  }
  const slow = await Promise.all(Array.from({ length: 3 }, () => node.enqueuer.enqueue(load, 'slow')))
  await node.claim()
  const states = (): string[] => slow.map(({ id }) => lab.job(id).state)
  expect(states()).toEqual(['running', 'running', 'running'])
  await node.renew()
  await node.settle()
  expect(states()).toEqual(['running', 'running', 'running'])
  const stopped = heard(node.events, 'node.stopped')
  const stopping = node.stop(GRACE_MS)
  gate.resolve()
  await turn()
  await node.settle()
  await stopping
  expect(states()).toEqual(['completed', 'available', 'available'])
  expect(slow.map(({ id }) => lab.job(id).failures)).toEqual([0, 0, 0])
  expect(stopped).toMatchObject([{ givenBack: 2 }])
})
