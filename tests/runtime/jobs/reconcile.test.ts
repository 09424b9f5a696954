import { describe, expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { failing, Lab, RENEW_EVERY_MS, turn, withheld } from '../lab.ts'

async function oneJob(lab: Lab) {
  let runs = 0
  const load = task('load', { handler: () => void runs++ })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  return { node, runs: () => runs }
}

describe('at a renewal', () => {
  test('a claim whose answer was lost is given back, uncharged', async () => {
    const lab = new Lab()
    const { node, runs } = await oneJob(lab)
    failing(node.store, 'claim', { after: true })
    await expect(node.claim()).rejects.toThrow('claim failed')
    expect(lab.onlyJob.state).toBe('running')
    await node.renew()
    await node.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'available', failures: 0, rescues: 0 })
    await node.work()
    expect(runs()).toBe(1)
  })

  test('a claim whose answer is still awaited is not given back, however many renewals it takes', async () => {
    const lab = new Lab()
    const { node, runs } = await oneJob(lab)
    const claim = withheld(node.store, 'claim')
    const claiming = node.claim()
    for (let renewals = 0; renewals < 3; renewals++) {
      await lab.clock.advance(RENEW_EVERY_MS)
      await node.renew()
      await node.settle()
      expect(lab.onlyJob.state).toBe('running')
    }
    claim.letGo()
    await claiming
    await node.settle()
    expect(runs()).toBe(1)
    expect(lab.onlyJob.state).toBe('completed')
  })

  test('one that timed out is no longer awaited, a later one is', async () => {
    const lab = new Lab()
    const { node, runs } = await oneJob(lab)
    const first = withheld(node.store, 'claim')
    const claiming = node.claim().catch((error: unknown) => error)
    await lab.clock.advance(RENEW_EVERY_MS)
    await node.renew()
    first.lose()
    await claiming
    await lab.clock.advance(1)
    const second = withheld(node.store, 'claim')
    const claimingAgain = node.claim()
    await node.renew()
    await node.settle()
    expect(lab.onlyJob.state).toBe('available')
    second.letGo()
    await claimingAgain
    await node.work()
    expect(runs()).toBe(1)
  })

  test('what really runs, or waits for a slot, is left alone', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    const load = task('load', { handler: () => gate.promise })
    const node = await lab.started({ tasks: [load] })
    await node.enqueuer.enqueue(load, null)
    await node.claim()
    await node.renew()
    expect(node.node.settler.pending).toBe(0)
    gate.resolve()
    await turn()
    await node.settle()
    expect(lab.onlyJob.state).toBe('completed')
  })
})
