import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, task } from '../../../src/index.ts'
import { thrownValues } from '../../core/job/thrown-values.ts'
import { heard, Lab, START } from '../lab.ts'

const ways: readonly (readonly [string, (make: () => unknown) => unknown])[] = [
  [
    'thrown',
    make => {
      throw make()
    }
  ],
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- What users' code rejects with is not ours to choose.
  ['rejected', make => new Promise((_resolve, reject) => setImmediate(() => reject(make())))]
]

const cases = thrownValues.flatMap(([name, make]) => ways.map(([way, end]) => [name, way, () => end(make)] as const))

test.each(cases)(
  '%s that is %s is a failed attempt, which can be described, and the next job runs',
  async (...args) => {
    const [, , end] = args
    const lab = new Lab()
    const load = task('load', { retry: ['1m'], handler: ({ payload }) => (payload === null ? end() : 'done') })
    const node = await lab.started({ tasks: [load], config: { worker: { concurrency: 1 } } })
    const failed = heard(node.events, 'job.failed')
    const { id } = await node.enqueuer.enqueue(load, null)
    await node.work()
    const next = await node.enqueuer.enqueue(load, 'next')
    await node.work()
    expect(lab.job(id)).toMatchObject({ state: 'retryable', failures: 1, runAt: START + 60_000 })
    const [kept] = lab.job(id).errors
    expect(kept?.message).toMatch(/\S/)
    expect(kept?.message.length).toBeLessThanOrEqual(2_000)
    expect(JSON.parse(JSON.stringify(kept))).toEqual(kept)
    expect(failed).toMatchObject([{ error: { message: expect.any(String) as string } }])
    expect(lab.job(next.id).state).toBe('completed')
  }
)

test('a task with a retry delay of its own that throws, or is none, waits as usual', async () => {
  for (const delay of [Number.NaN, -1, Infinity, 'x', Symbol('x'), undefined]) {
    const lab = new Lab()
    const retryDelay = (): number => {
      if (delay === undefined) throw new Error('no delay')
      return delay as number
    }
    const load = { ...task('load', { handler: () => Promise.reject(new Error('ebb')) }), retryDelay }
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'retryable', runAt: START + 1_000, errors: [{ message: 'ebb' }] })
  }
})

test('a process whose handlers throw anything goes on claiming and beginning', async () => {
  const load = task('load', { maxAttempts: 1, handler: ({ payload }) => cases[payload as number]?.[2]() })
  const app = createEscapement({ database: 'memory:', logger: false, tasks: [load], worker: { concurrency: 2 } })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  const loops = heardOf(app)
  await app.start()
  const allEnded = new Promise<void>(resolve => {
    let ended = 0
    for (const name of ['job.discarded', 'job.completed'] as const)
      app.on(name, () => (++ended === cases.length + 1 ? resolve() : undefined))
  })
  await app.enqueueMany(load, [...cases.keys(), cases.length])
  await allEnded
  expect(loops).toEqual([])
})

function heardOf(app: ReturnType<typeof createEscapement>): string[] {
  const log: string[] = []
  for (const name of ['loop.failed', 'loop.recovered'] as const)
    app.on(name, ({ loop }) => void log.push(`${name} ${loop}`))
  return log
}
