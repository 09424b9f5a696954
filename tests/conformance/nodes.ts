import { expect } from 'vitest'

import type { NodeState, Vitals } from '../../src/store/nodes.ts'
import type { Store } from '../../src/store/store.ts'
import { claim, completed, jobId, newJobs, nodeRecord, runningJob } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testNodes(suite: Suite): void {
  testLife(suite)
  testLoss(suite)
  testHeld(suite)
  testBoots(suite)
}

async function readNode(store: Store, id = 'node-a'): Promise<NodeState> {
  const node = (await store.listNodes()).find(each => each.id === id)
  if (node === undefined) throw new Error(`There is no node ${id}.`)
  return node
}

function testLife({ test }: Suite): void {
  test('nodes: listed as they joined', async ({ store }) => {
    const record = nodeRecord({ roles: ['web', 'scheduler'], tasks: ['report', 'invoice'], release: 7 })
    await store.join(record)
    // Where the process's clock decides, it tells of its clock too.
    const { clockOffset: _clockOffset, ...node } = await readNode(store)
    expect(node).toEqual({ ...record, counter: node.counter, phase: 'alive', startedAt: START, renewedAt: START })
    expect(await store.listNodes()).toHaveLength(1)
  })

  test('nodes: every renewal raises the counter', async ({ clock, store }) => {
    await store.join(nodeRecord())
    const counters = [(await readNode(store)).counter]
    for (let renewal = 1; renewal <= 3; renewal++) {
      clock.set(START + renewal * 5_000)
      expect(await store.renew('node-a')).toEqual({ phase: 'alive', held: [] })
      const node = await readNode(store)
      expect(node.renewedAt).toBe(START + renewal * 5_000)
      counters.push(node.counter)
    }
    expect(counters).toEqual([...new Set(counters)].toSorted((a, b) => a - b))
  })

  test('nodes: a renewal brings its vitals, which stay until the next that has some', async ({ store }) => {
    const vitals = { cpuSeconds: 1.25, rssBytes: 99_000_000, loopLagMs: 1.5, longestLagMs: 20, clockSkewMs: -3 }
    const report = (written: Vitals) => ({ totals: [], tallies: [], vitals: written })
    await store.join(nodeRecord())
    expect((await readNode(store)).vitals).toBeUndefined()
    await store.renew('node-a', report(vitals))
    await store.renew('node-a')
    expect((await readNode(store)).vitals).toEqual(vitals)
    const few = { ...vitals, loopLagMs: undefined, longestLagMs: undefined, clockSkewMs: undefined }
    await store.renew('node-a', report(few))
    expect((await readNode(store)).vitals).toStrictEqual(few)
  })

  test('nodes: one that left is no longer alive, and does not come back', async ({ store }) => {
    await store.join(nodeRecord())
    await store.leave('node-a')
    expect((await readNode(store)).phase).toBe('left')
    expect(await store.renew('node-a')).toEqual({ phase: 'lost' })
    await store.join(nodeRecord())
    expect((await readNode(store)).phase).toBe('left')
  })

  test('nodes: one that nobody knows cannot renew', async ({ store }) => {
    expect(await store.renew('node-never-joined')).toEqual({ phase: 'lost' })
    expect(await store.listNodes()).toEqual([])
  })
}

function testLoss({ test }: Suite): void {
  test('loss: only by the counter that was seen to stand still', async ({ store }) => {
    await store.join(nodeRecord())
    const { counter } = await readNode(store)
    await store.renew('node-a')
    expect(await store.markLost('node-a', counter)).toBe(false)
    expect((await readNode(store)).phase).toBe('alive')
    expect(await store.markLost('node-a', (await readNode(store)).counter)).toBe(true)
    expect((await readNode(store)).phase).toBe('lost')
  })

  test('loss: a lost identity never comes back', async ({ store }) => {
    await store.join(nodeRecord())
    const { counter } = await readNode(store)
    await store.markLost('node-a', counter)
    expect(await store.renew('node-a')).toEqual({ phase: 'lost' })
    await store.join(nodeRecord())
    expect(await store.renew('node-a')).toEqual({ phase: 'lost' })
    await store.leave('node-a')
    expect(await readNode(store)).toMatchObject({ phase: 'lost', counter })
  })

  test('loss: not twice, not of one that left, not of one unknown', async ({ store }) => {
    await store.join(nodeRecord())
    await store.join(nodeRecord({ id: 'node-b' }))
    await store.leave('node-b')
    expect(await store.markLost('node-a', (await readNode(store)).counter)).toBe(true)
    for (const id of ['node-a', 'node-b'])
      expect(await store.markLost(id, (await readNode(store, id)).counter)).toBe(false)
    expect(await store.markLost('node-never-joined', 0)).toBe(false)
    expect((await readNode(store, 'node-b')).phase).toBe('left')
  })

  test('loss: of many observers one marks it', async ({ store, beside }) => {
    await store.join(nodeRecord())
    const { counter } = await readNode(store)
    const stores = [store, await beside(), await beside()]
    const answers = await Promise.all(stores.map(each => each.markLost('node-a', counter)))
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  test('loss: the others live on', async ({ store }) => {
    await store.join(nodeRecord())
    await store.join(nodeRecord({ id: 'node-b' }))
    await store.markLost('node-a', (await readNode(store)).counter)
    expect(await store.renew('node-b')).toMatchObject({ phase: 'alive' })
  })
}

function testHeld({ test }: Suite): void {
  test('held attempts: those that run under the node, by id and fence, with asked cancels', async ({ store }) => {
    await store.join(nodeRecord())
    await store.enqueue(newJobs(4))
    const jobs = (await claim(store, { limit: 3 })).jobs
    await claim(store, { node: 'node-b', limit: 1 })
    await store.settle([completed(jobs[0]!)])
    await store.cancel([jobId(3)])
    const renewal = await store.renew('node-a')
    if (renewal.phase !== 'alive') throw new Error('The node was lost.')
    expect(renewal.held.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: jobId(2), fence: jobs[1]!.fence, cancelRequested: false },
      { id: jobId(3), fence: jobs[2]!.fence, cancelRequested: true }
    ])
  })

  test('held attempts: told to nobody whose identity is lost', async ({ store }) => {
    await store.join(nodeRecord())
    await runningJob(store)
    await store.leave('node-a')
    expect(await store.renew('node-a')).toEqual({ phase: 'lost' })
  })
}

function testBoots({ test }: Suite): void {
  test('boots: another boot of the host ends the nodes of the former, where the reach is a host', async ({ store }) => {
    await store.join(nodeRecord({ id: 'former' }))
    await store.join(nodeRecord({ id: 'elsewhere', host: 'lighthouse' }))
    await store.join(nodeRecord({ id: 'present', bootId: 'boot-2' }))
    await store.join(nodeRecord({ id: 'beside', bootId: 'boot-2' }))
    const former = store.traits.reach === 'host' ? 'lost' : 'alive'
    expect((await readNode(store, 'former')).phase).toBe(former)
    for (const id of ['elsewhere', 'present', 'beside']) expect((await readNode(store, id)).phase).toBe('alive')
  })
}
