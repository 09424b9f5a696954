import { describe, expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import type { ClaimRequest } from '../../../src/store/jobs.ts'
import { failing, Lab, LEASE_TTL_MS, RENEW_EVERY_MS, tampered, turn, withheld } from '../lab.ts'

/** A task whose handler notes whether its start had been committed, and ends when the test says so. */
function atMostOnce(lab: Lab) {
  const entered: (number | undefined)[] = []
  const gate = Promise.withResolvers<void>()
  const pay = task('pay', {
    delivery: 'at-most-once',
    retry: [0],
    handler: () => {
      entered.push(lab.onlyJob.startedAt)
      return gate.promise
    }
  })
  return { pay, entered, gate }
}

describe('at most once', () => {
  test('the start is committed before the handler is entered', async () => {
    const lab = new Lab()
    const { pay, entered, gate } = atMostOnce(lab)
    const node = await lab.started({ tasks: [pay] })
    await node.enqueuer.enqueue(pay, null)
    const start = withheld(node.store, 'markStarted')
    await node.claim()
    await turn()
    expect(entered).toEqual([])
    start.letGo()
    await turn()
    expect(entered).toEqual([lab.clock.now()])
    gate.resolve()
    await node.node.attempts.whenIdle()
    await node.settle()
    expect(lab.onlyJob.state).toBe('completed')
  })

  test('a start that is answered after the lease was lost does not enter the handler', async () => {
    const lab = new Lab()
    const { pay, entered } = atMostOnce(lab)
    const node = await lab.started({ tasks: [pay] })
    await node.enqueuer.enqueue(pay, null)
    const start = withheld(node.store, 'markStarted')
    await node.claim()
    await lab.clock.advance(LEASE_TTL_MS)
    start.letGo()
    await turn()
    expect(entered).toEqual([])
  })

  test('a failure discards it, visibly', async () => {
    const lab = new Lab()
    const { pay, gate } = atMostOnce(lab)
    const node = await lab.started({ tasks: [pay] })
    await node.enqueuer.enqueue(pay, null)
    gate.reject(new Error('declined'))
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', errors: [{ message: 'declined' }] })
    await node.work()
    expect(lab.onlyJob.failures).toBe(1)
  })

  test('lost with its node after it had begun, it is discarded as lost', async () => {
    const lab = new Lab()
    const { pay, entered } = atMostOnce(lab)
    const [dying, other] = [await lab.started({ tasks: [pay] }), await lab.started({ tasks: [pay] })]
    await dying.enqueuer.enqueue(pay, null)
    await dying.claim()
    await turn()
    await lab.outlast(other)
    await other.claim()
    expect(lab.onlyJob).toMatchObject({ state: 'discarded', errors: [{ code: 'lost' }] })
    expect(entered).toHaveLength(1)
  })

  test('lost with its node before it began, it is run by another', async () => {
    const lab = new Lab()
    const { pay, entered, gate } = atMostOnce(lab)
    const [dying, other] = [await lab.started({ tasks: [pay] }), await lab.started({ tasks: [pay] })]
    await dying.enqueuer.enqueue(pay, null)
    failing(dying.store, 'markStarted')
    await dying.claim()
    await turn()
    await lab.outlast(other)
    gate.resolve()
    await other.work()
    expect(lab.onlyJob.state).toBe('completed')
    expect(entered).toHaveLength(1)
  })

  test.each([
    ['was not committed', false, 'available'],
    ['was committed and its answer lost', true, 'discarded']
  ])(
    'a start that %s never enters the handler, and the next renewal gives the claim back',
    async (_what, after, state) => {
      const lab = new Lab()
      const { pay, entered } = atMostOnce(lab)
      const node = await lab.started({ tasks: [pay] })
      await node.enqueuer.enqueue(pay, null)
      failing(node.store, 'markStarted', { after })
      await node.claim()
      await turn()
      expect(lab.onlyJob.state).toBe('running')
      lab.clock.set(lab.clock.now() + RENEW_EVERY_MS)
      await node.renew()
      await node.settle()
      expect(lab.onlyJob.state).toBe(state)
      expect(entered).toEqual([])
    }
  )

  test('is never claimed ahead', async () => {
    const lab = new Lab()
    const pay = task('pay', { delivery: 'at-most-once', handler: () => undefined })
    const node = await lab.started({ tasks: [pay], config: { worker: { concurrency: 2 } } })
    for (let count = 0; count < 20; count++) await node.enqueuer.enqueue(pay, null)
    for (let round = 0; round < 4; round++) {
      await node.work()
      await lab.clock.advance(10)
    }
    const limits: number[] = []
    tampered(node.store, 'claim', claim => request => {
      const { tasks, limit } = request as ClaimRequest
      if (tasks.includes('pay')) limits.push(limit)
      return claim(request)
    })
    await lab.clock.advance(30)
    await node.work()
    expect(limits).toEqual([2])
  })
})

describe('at least once', () => {
  test('a job whose node died runs again', async () => {
    const lab = new Lab()
    let runs = 0
    const first = Promise.withResolvers<void>()
    const load = task('load', { handler: () => (runs++ === 0 ? first.promise : undefined) })
    const [dying, other] = [await lab.started({ tasks: [load] }), await lab.started({ tasks: [load] })]
    await dying.enqueuer.enqueue(load, null)
    await dying.claim()
    await lab.outlast(other)
    await other.work()
    expect(runs).toBe(2)
    expect(lab.onlyJob).toMatchObject({ state: 'completed', rescues: 1, failures: 0 })
  })
})
