import { describe, expect, test } from 'vitest'
import { DoNotRetry } from '../../../src/core/job/steering.ts'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { task } from '../../../src/core/job/task.ts'
import type { Store } from '../../../src/store/store.ts'
import { failing, Lab, LEASE_TTL_MS, RENEW_EVERY_MS, START } from '../lab.ts'

const totalsOf = async (store: Store): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await store.readTotals())
      .filter(({ kind }) => kind === 'job')
      .map(({ name, outcome, n }) => [`${name} ${outcome}`, n])
  )

const fine = task('fine', { handler: () => undefined })

describe('the ends of jobs', () => {
  test('are in the books with the next renewal, by what became of them', async () => {
    const lab = new Lab()
    const broken = task('broken', {
      maxAttempts: 2,
      retry: ['1s'],
      handler: () => {
        throw new Error('the crane')
      }
    })
    const refusing = task('refusing', {
      handler: () => {
        throw new DoNotRetry('never')
      }
    })
    const written = task('written', { handler: ({ transaction }) => transaction(() => 1) })
    const node = await lab.started({ tasks: [fine, broken, refusing, written] })
    for (const each of [fine, fine, broken, refusing, written]) await node.enqueuer.enqueue(each, null)
    await node.work()
    expect(await totalsOf(node.store)).toEqual({})
    await node.renew()
    const first = {
      'fine completed': 2,
      'broken failed': 1,
      'refusing failed': 1,
      'refusing discarded': 1,
      'written completed': 1
    }
    expect(await totalsOf(node.store)).toEqual(first)
    await lab.clock.advance(1_000)
    await node.work()
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ ...first, 'broken failed': 2, 'broken discarded': 1 })
  })

  test('histograms of waits, runs and lateness grow by what is new', async () => {
    const lab = new Lab()
    const often = schedule('often', { task: fine, trigger: every('10s') })
    const node = await lab.started({ tasks: [fine], schedules: [often] })
    const sums = async () =>
      Object.fromEntries(
        (await node.store.readTotals())
          .filter(({ kind }) => ['wait', 'run', 'lateness'].includes(kind))
          .map(({ kind, name, outcome, n }) => [`${kind} ${name} ${outcome}`, n])
      )
    for (const round of [1, 2, 3]) {
      lab.clock.set(START + round * 10_000 + 500)
      await node.renew()
      await node.tick()
      await node.work()
      await node.renew()
      expect(await sums()).toEqual({
        'lateness  4': round,
        'lateness  ms': round * 500,
        'run fine 0': round,
        'wait fine 0': round
      })
    }
  })

  test('a cancelled attempt is neither completed nor failed', async () => {
    const lab = new Lab()
    const obedient = task('obedient', {
      handler: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('asked to end'))))
    })
    const node = await lab.started({ tasks: [obedient] })
    const { id } = await node.enqueuer.enqueue(obedient, null)
    await node.claim()
    await node.store.cancel([id])
    await node.renew()
    await node.work()
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ 'obedient cancelled': 1 })
  })

  test('the tally has its minute, how long it waited, and how long it ran', async () => {
    const lab = new Lab()
    const slow = task('slow', { handler: () => lab.clock.sleep(2_000) })
    const node = await lab.started({ tasks: [slow] })
    await node.enqueuer.enqueue(slow, null)
    lab.clock.set(START + 59_000)
    await node.claim()
    await lab.clock.advance(2_000)
    await node.work()
    await node.renew()
    const [span, ...others] = await node.store.readTally({ from: START, until: START + 600_000 })
    expect(others).toEqual([])
    expect(span).toMatchObject({ at: START + 60_000, completed: 1, failed: 0, waitMs: 59_000, runMs: 2_000 })
    expect([span!.waits.indexOf(1), span!.runs.indexOf(1)]).toEqual([8, 5])
  })

  test('one that was lost is counted by the node that rescues it, and its late report as stale', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<void>()
    const held = task('held', { handler: () => gate.promise })
    const [dying, watcher] = [await lab.started({ tasks: [held] }), await lab.started({ roles: ['scheduler'] })]
    await dying.enqueuer.enqueue(held, null)
    await dying.claim()
    await lab.outlast(watcher)
    gate.resolve()
    await dying.work()
    await watcher.renew()
    expect(await totalsOf(watcher.store)).toEqual({ 'held lost': 1 })
    await dying.renew()
    expect(await totalsOf(watcher.store)).toEqual({ 'held lost': 1, 'held stale': 1 })
  })
})

describe('a renewal', () => {
  test('that fails, or whose response is lost, is repeated, and counts once', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [fine] })
    await node.enqueuer.enqueue(fine, null)
    await node.work()
    failing(node.store, 'renew')
    await expect(node.renew()).rejects.toThrow('renew failed')
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ 'fine completed': 1 })
    failing(node.store, 'renew', { after: true })
    await expect(node.renew()).rejects.toThrow('renew failed')
    await node.enqueuer.enqueue(fine, null)
    await node.work()
    await node.renew()
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ 'fine completed': 2 })
  })

  test('that was never sent is made up for by the next identity', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [fine] })
    const counted = async (): Promise<void> => {
      await node.enqueuer.enqueue(fine, null)
      await node.work()
    }
    await counted()
    await node.renew()
    await counted()
    await lab.clock.advance(LEASE_TTL_MS)
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ 'fine completed': 2 })
    await counted()
    await lab.clock.advance(RENEW_EVERY_MS)
    await node.renew()
    expect(await totalsOf(node.store)).toEqual({ 'fine completed': 3 })
  })

  test('is the last thing that a node does that stops', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [fine] })
    await node.enqueuer.enqueue(fine, null)
    await node.work()
    await node.stop()
    expect(await totalsOf(lab.store())).toEqual({ 'fine completed': 1 })
  })
})
