import { describe, expect, test } from 'vitest'
import { AttemptAborted } from '../../src/core/job/handler.ts'
import { task } from '../../src/core/job/task.ts'
import { ABORT_GRACE_MS, failing, heard, Lab, LEASE_TTL_MS, RENEW_EVERY_MS, turn, withheld } from './lab.ts'

/** A node that runs one job, whose handler ends when the test says so, whatever its signal says. */
async function atWork(lab: Lab) {
  const gate = Promise.withResolvers<void>()
  const signals: AbortSignal[] = []
  const refused: unknown[] = []
  const load = task('load', {
    handler: async ({ signal, step, progress, transaction }) => {
      signals.push(signal)
      if (signals.length > 1) return
      await gate.promise
      const writes = [
        () => step('late', () => 1),
        () => progress(1),
        () => transaction(() => 1),
        () => node.enqueuer.enqueue(load, null),
        () => node.enqueuer.enqueueMany(load, [null, null])
      ]
      for (const write of writes) await write().catch((error: unknown) => refused.push(error))
      throw signal.reason
    }
  })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  await node.claim()
  return { node, load, gate, signals, refused }
}

describe('the own deadline', () => {
  test('is a TTL after the last renewal began, whatever the store says', async () => {
    const lab = new Lab()
    const { node, signals, gate } = await atWork(lab)
    const lost = heard(node.events, 'node.lease-lost')
    await lab.clock.advance(RENEW_EVERY_MS)
    const answer = withheld(node.store, 'renew')
    const renewing = node.renew()
    await lab.clock.advance(4_000)
    answer.letGo()
    await renewing
    await lab.clock.advance(LEASE_TTL_MS - 4_000 - 1)
    expect(lost).toEqual([])
    await lab.clock.advance(1)
    expect(lost).toMatchObject([{ running: 1 }])
    expect(signals[0]?.reason).toBeInstanceOf(AttemptAborted)
    expect(signals[0]?.reason).toMatchObject({ reason: 'lease-lost' })
    gate.resolve()
  })

  test('does not move while renewals fail', async () => {
    const lab = new Lab()
    const { node, gate } = await atWork(lab)
    const lost = heard(node.events, 'node.lease-lost')
    failing(node.store, 'renew', { times: 2 })
    for (let tries = 0; tries < 2; tries++) {
      await lab.clock.advance(RENEW_EVERY_MS)
      await expect(node.renew()).rejects.toThrow('renew failed')
    }
    await lab.clock.advance(RENEW_EVERY_MS)
    expect(lost).toHaveLength(1)
    gate.resolve()
  })

  test('passes unseen by a frozen process, which is not the node any more when it wakes', async () => {
    const lab = new Lab()
    const { node, gate } = await atWork(lab)
    const before = node.node.membership.id
    lab.clock.set(lab.clock.now() + LEASE_TTL_MS)
    const renewing = node.renew()
    gate.resolve()
    await renewing
    expect(node.node.membership.id).not.toBe(before)
    expect(lab.books.nodes.get(before)?.counter).toBe(0)
  })
})

describe('a lost lease', () => {
  test('refuses the writes of the old attempts', async () => {
    const lab = new Lab()
    const { gate, refused } = await atWork(lab)
    await lab.clock.advance(LEASE_TTL_MS)
    gate.resolve()
    await turn()
    expect(refused.map(error => (error as { code: string }).code)).toEqual(Array(5).fill('attempt-stale'))
    expect(lab.books.jobs.size).toBe(1)
  })

  test('makes another identity, which claims nothing until the old handlers have ended', async () => {
    const lab = new Lab()
    const { node, load, gate } = await atWork(lab)
    const oldId = node.node.membership.id
    await lab.clock.advance(LEASE_TTL_MS)
    const renewing = node.renew()
    const waiting = await node.enqueuer.enqueue(load, 'next')
    await node.claim()
    expect(lab.job(waiting.id).state).toBe('available')
    gate.resolve()
    await renewing
    await node.work()
    const newId = node.node.membership.id
    expect(newId).not.toBe(oldId)
    expect(lab.job(waiting.id)).toMatchObject({ state: 'completed', node: newId })
    expect(lab.books.nodes.get(newId)?.phase).toBe('alive')
  })

  test('or until the grace has passed', async () => {
    const lab = new Lab()
    const { node, load, gate } = await atWork(lab)
    await lab.clock.advance(LEASE_TTL_MS)
    const renewing = node.renew()
    const waiting = await node.enqueuer.enqueue(load, 'next')
    await lab.clock.advance(ABORT_GRACE_MS - 1)
    await node.claim()
    expect(lab.job(waiting.id).state).toBe('available')
    await lab.clock.advance(1)
    await renewing
    await node.work()
    expect(lab.job(waiting.id).state).toBe('completed')
    gate.resolve()
  })

  test('leaves the job of a handler that hangs to rescue: nothing is reported of it', async () => {
    const lab = new Lab()
    const { node, gate } = await atWork(lab)
    await lab.clock.advance(LEASE_TTL_MS + ABORT_GRACE_MS)
    await node.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'running', failures: 0 })
    gate.resolve()
  })

  test('that the store has declared is taken as such at the next renewal', async () => {
    const lab = new Lab()
    const { node, gate } = await atWork(lab)
    const oldId = node.node.membership.id
    await node.store.markLost(oldId, 0)
    gate.resolve()
    expect(await node.renew()).toBe(0)
    await node.renew()
    expect(lab.books.nodes.get(oldId)?.phase).toBe('lost')
    expect(lab.books.nodes.get(node.node.membership.id)?.phase).toBe('alive')
  })

  test('an identity that has not joined claims nothing', async () => {
    const lab = new Lab()
    const { node, load, gate } = await atWork(lab)
    await lab.clock.advance(LEASE_TTL_MS)
    gate.resolve()
    await turn()
    await node.settle()
    const waiting = await node.enqueuer.enqueue(load, 'next')
    await node.claim()
    expect(lab.job(waiting.id).state).toBe('available')
    await node.renew()
    await node.work()
    expect(lab.job(waiting.id).state).toBe('completed')
  })

  test.each([
    ['after it', false],
    ['when the new identity has joined already', true]
  ])('a claim that is answered %s is not begun, but given back', async (_when, joined) => {
    const lab = new Lab()
    let runs = 0
    const load = task('load', { handler: () => void runs++ })
    const node = await lab.started({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    const claim = withheld(node.store, 'claim')
    const claiming = node.claim()
    await lab.clock.advance(LEASE_TTL_MS)
    if (joined) await node.renew()
    claim.letGo()
    await claiming
    await node.settle()
    expect(runs).toBe(0)
    expect(lab.job(id)).toMatchObject({ state: 'available', failures: 0 })
    await node.renew()
    await node.work()
    expect(runs).toBe(1)
  })
})
