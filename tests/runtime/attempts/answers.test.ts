/* oxlint-disable unicorn/no-thenable -- What users' code answers is not ours to choose. */
import { describe, expect, test } from 'vitest'
import { task } from '../../../src/index.ts'
import { heard, Lab } from '../lab.ts'

const throws = (value: unknown) => (): never => {
  throw value
}

describe('what a handler answers', () => {
  const thenables: readonly (readonly [
    string,
    (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void,
    string
  ])[] = [
    ['resolves twice', resolve => (resolve('a'), resolve('b')), 'completed'],
    ['resolves, then rejects', (resolve, reject) => (resolve('a'), reject(new Error('x'))), 'completed'],
    ['rejects, then resolves', (resolve, reject) => (reject(new Error('x')), resolve('a')), 'retryable'],
    ['resolves, then throws', resolve => (resolve('a'), throws(1)()), 'completed'],
    ['rejects four times', (_, reject) => ['a', 'b', 'c', 'd'].forEach(reject), 'retryable'],
    ['throws', throws(new Error('x')), 'retryable']
  ]
  test.each(thenables)('a thenable that %s ends its attempt once', async (_, then, state) => {
    const lab = new Lab()
    const load = task('load', { handler: () => ({ then }), retry: ['1m'] })
    const node = await lab.started({ tasks: [load] })
    const stopped = heard(node.events, 'node.stopped')
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob.state).toBe(state)
    await node.stop()
    expect(stopped).toMatchObject([{ leftRunning: 0 }])
  })

  test('a promise of its own class that settles again and again ends its attempt once', async () => {
    class Restless extends Promise<unknown> {
      override then(resolve: unknown): never {
        for (let times = 0; times < 3; times++) (resolve as (value: unknown) => void)('again')
        return undefined as never
      }
    }
    const lab = new Lab()
    const load = task('load', { handler: () => new Restless(() => undefined) })
    const node = await lab.started({ tasks: [load] })
    const stopped = heard(node.events, 'node.stopped')
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob.state).toBe('completed')
    await node.stop()
    expect(stopped).toMatchObject([{ leftRunning: 0 }])
  })

  test('a thenable of thenables is waited for to the end', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<string>()
    const load = task('load', {
      handler: () => ({ then: (resolve: (value: unknown) => void) => resolve(gate.promise) })
    })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.claim()
    expect(node.node.attempts.running).toBe(1)
    gate.resolve('at last')
    await node.node.attempts.whenIdle()
    await node.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '"at last"' })
  })

  test('one whose then cannot be read is a failure', async () => {
    const lab = new Lab()
    const load = task('load', {
      handler: () => Object.defineProperty({}, 'then', { get: throws(new Error('no then')) })
    })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', errors: [{ message: 'no then' }] })
  })

  const unkept: readonly (readonly [string, () => unknown])[] = [
    ['a getter that throws', () => Object.defineProperty({}, 'x', { get: throws(new Error('x')), enumerable: true })],
    ['a toJSON that throws', () => ({ toJSON: throws(new Error('x')) })],
    ['a hidden toJSON that throws', () => Object.defineProperty({}, 'toJSON', { value: throws(1) })],
    ['a hidden toJSON that answers nothing', () => Object.defineProperty({}, 'toJSON', { value: () => undefined })],
    ['a list with a toJSON', () => Object.assign([1], { toJSON: throws(1) })],
    ['a getter that answers a bigint the second time', () => fickleAnswer()],
    ['an instance of nothing', () => Object.create(Object.create(null) as object)],
    ['a proxy that throws', () => new Proxy({}, { ownKeys: throws(new Error('x')) })],
    ['a bigint', () => 1n],
    ['a symbol', () => Symbol('x')]
  ]
  test.each(unkept)('%s completes the job, and is told as a result that was not kept', async (_, answer) => {
    const lab = new Lab()
    const load = task('load', { handler: answer })
    const node = await lab.started({ tasks: [load] })
    const unkept = heard(node.events, 'job.result-unkept')
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: undefined })
    expect(unkept).toHaveLength(1)
  })

  test.each(unkept)('%s is no payload', async (_, payload) => {
    const lab = new Lab()
    const load = task('load', { handler: () => undefined })
    const { enqueuer } = lab.node({ tasks: [load] })
    await expect(enqueuer.enqueue(load, payload())).rejects.toMatchObject({ code: 'payload-invalid' })
  })
})

function fickleAnswer(): object {
  let asked = 0
  return Object.defineProperty({}, 'x', { get: () => (asked++ === 0 ? 1 : 1n), enumerable: true })
}
