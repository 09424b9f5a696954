import { describe, expect, test } from 'vitest'
import { FIRST_HOLD_BACK_MS, MAX_REST_MS, PATIENCE_MS } from '../../../src/runtime/jobs/hold-back.ts'
import { Busy, STEP_MS } from './busy.ts'
import { Lab } from '../lab.ts'

const shares = (queues: Record<string, number>) => ({ config: { worker: { queues } } })
/** How long after its rescue a solo job begins at the latest, beside jobs no longer than this. */
const boundMs = (longestMs: number): number =>
  PATIENCE_MS + (longestMs <= FIRST_HOLD_BACK_MS ? longestMs : 3 * longestMs) + 3 * STEP_MS

const lengths = [700, 20_000, 45_000, 240_000]

describe.each(lengths)('beside jobs of %i ms, a solo job begins within the bound, alone', longestMs => {
  test('of one claimer', async () => {
    const busy = new Busy(new Lab())
    const [load, odd] = [busy.taking('load', longestMs), busy.dying('odd')]
    busy.nodes.push(await busy.lab.started({ tasks: [load, odd] }))
    busy.feed(load, 'default')
    await busy.run(1_000)
    await busy.makeSolo(odd)
    const from = 1_000
    await busy.run(boundMs(longestMs), () => busy.begun.length > 0)
    expect(busy.begun).toEqual([{ atMs: expect.any(Number), payload: 'default', beside: 0 }])
    expect(busy.begun[0]!.atMs - from).toBeLessThanOrEqual(boundMs(longestMs))
  })

  test.each(['a', 'b'])('in one of two shares: %s', async queue => {
    const busy = new Busy(new Lab())
    const [load, odd] = [busy.taking('load', longestMs), busy.dying('odd')]
    busy.nodes.push(await busy.lab.started({ tasks: [load, odd], ...shares({ a: 3, b: 1 }) }))
    for (const each of ['a', 'b']) busy.feed(load, each)
    await busy.run(1_000)
    await busy.makeSolo(odd, [queue])
    await busy.run(boundMs(longestMs), () => busy.begun.length > 0)
    expect(busy.begun).toMatchObject([{ payload: queue, beside: 0 }])
  })

  test.each(['at-least-once', 'at-most-once'] as const)(
    'beside a claimer of the other delivery, %s',
    async delivery => {
      const busy = new Busy(new Lab())
      const other = delivery === 'at-most-once' ? 'at-least-once' : 'at-most-once'
      const odd = busy.dying('odd', 50, delivery)
      const loads = [busy.taking('same', longestMs, delivery), busy.taking('other', longestMs, other)]
      busy.nodes.push(await busy.lab.started({ tasks: [...loads, odd], config: { worker: { concurrency: 4 } } }))
      for (const load of loads) busy.feed(load, 'default')
      await busy.run(1_000)
      await busy.makeSolo(odd)
      await busy.run(boundMs(longestMs), () => busy.begun.length > 0)
      expect(busy.begun).toMatchObject([{ beside: 0 }])
    }
  )
})

async function twoShares(longestMs: number) {
  const busy = new Busy(new Lab())
  const [load, odd] = [busy.taking('load', longestMs), busy.dying('odd')]
  const node = await busy.lab.started({ tasks: [load, odd], ...shares({ a: 2, b: 2 }) })
  busy.nodes.push(node)
  busy.feed(load, 'a')
  return { busy, load, odd, node }
}

/** The node has seen the solo job, and holds back. */
async function untilItHoldsBack(busy: Busy): Promise<void> {
  await busy.run(PATIENCE_MS + 2 * STEP_MS)
  const { claimed } = busy
  await busy.run(2_000)
  expect(busy.claimed - claimed).toBeLessThanOrEqual(2)
}

test('several solo jobs of several queues begin one after the other, each alone, without a rest in between', async () => {
  const { busy, odd, load } = await twoShares(5_000)
  busy.feed(load, 'b')
  await busy.run(1_000)
  await busy.makeSolo(odd, ['a', 'b', 'b', 'a'])
  await busy.run(boundMs(5_000) + 4 * 500, () => busy.begun.length === 4)
  expect(busy.begun.map(({ beside }) => beside)).toEqual([0, 0, 0, 0])
})

test('nobody holds back before an idle process nearby could have taken it', async () => {
  const { busy, odd } = await twoShares(60_000)
  await busy.run(100)
  await busy.makeSolo(odd, ['b'])
  busy.feed(busy.taking('load', 60_000), 'b')
  const { claimed } = busy
  await busy.run(PATIENCE_MS - STEP_MS)
  expect(busy.claimed - claimed).toBe(2)
})

test('who holds back sees that another process took the solo job, and goes on, though the claimer of the solo job has no slot', async () => {
  const { busy, odd, load } = await twoShares(300)
  const long = busy.taking('long', 25_000)
  busy.nodes.splice(0, 1, await busy.lab.started({ tasks: [load, long, odd], ...shares({ a: 2, b: 2 }) }))
  busy.feed(long, 'b')
  await busy.run(1_000)
  await busy.makeSolo(odd, ['b'])
  await busy.run(PATIENCE_MS + 300)
  const { claimed } = busy
  await busy.run(5_000)
  expect(busy.claimed).toBe(claimed)
  await (await busy.lab.started({ tasks: [odd] })).claim()
  expect(busy.begun).toHaveLength(1)
  await busy.run(600)
  expect(busy.claimed - claimed).toBeGreaterThanOrEqual(2)
})

test('a solo job whose queue is paused, or that was cancelled, keeps nobody waiting', async () => {
  for (const end of ['pause', 'cancel'] as const) {
    const { busy, odd } = await twoShares(20_000)
    await busy.run(1_000)
    busy.feed(busy.taking('load', 20_000), 'b')
    await busy.makeSolo(odd, ['b'])
    await untilItHoldsBack(busy)
    const store = busy.lab.store()
    if (end === 'pause') await store.pauseQueue('b', true)
    else await store.cancel((await store.listJobs({ task: 'odd' }, { limit: 1 })).items.map(job => job.id))
    const { claimed } = busy
    await busy.run(20_000)
    expect(busy.claimed - claimed).toBeGreaterThanOrEqual(2)
    expect(busy.begun).toEqual([])
  }
})

test('a solo job that this node does not know, or that is not due, keeps nobody waiting', async () => {
  const { busy, node } = await twoShares(500)
  const strange = busy.dying('strange')
  await busy.run(1_000)
  await node.enqueuer.enqueue(strange, null, { queue: 'a' })
  const store = busy.lab.store()
  const request = { tasks: ['strange'], queues: ['a'], limit: 1 }
  await store.claim({ node: 'dead', ...request, mayTakeSolo: false })
  await store.rescue(1)
  const { claimed } = busy
  await busy.run(10_000)
  expect(busy.claimed - claimed).toBeGreaterThanOrEqual(30)
})

test('beside a job that never ends the others go on, and are kept waiting for 30 s in 10 minutes', async () => {
  const { busy, odd, load } = await twoShares(300)
  const endless = busy.taking('endless', 1e12)
  const node = await busy.lab.started({ tasks: [load, odd, endless], ...shares({ a: 2, b: 2 }) })
  busy.nodes.splice(0, 1, node)
  await node.enqueuer.enqueue(endless, null, { queue: 'b' })
  await busy.run(1_000)
  await busy.makeSolo(odd, ['b'])
  const { claimed } = busy
  await busy.run(PATIENCE_MS + FIRST_HOLD_BACK_MS + MAX_REST_MS)
  const most = (2 * MAX_REST_MS) / (300 + STEP_MS)
  expect(busy.claimed - claimed).toBeGreaterThan(0.9 * most)
  expect(busy.begun).toEqual([])
  // And then once more.
  const before = busy.claimed
  await busy.run(FIRST_HOLD_BACK_MS - 1_000)
  expect(busy.claimed - before).toBeLessThanOrEqual(4)
})

test('of two processes that both hold back one takes the solo job, and both go on', async () => {
  const { busy, odd, load } = await twoShares(4_000)
  busy.nodes.push(await busy.lab.started({ tasks: [load, odd], ...shares({ a: 2, b: 2 }) }))
  busy.feed(load, 'b')
  await busy.run(1_000)
  await busy.makeSolo(odd, ['b'])
  await busy.run(boundMs(4_000), () => busy.begun.length > 0)
  expect(busy.begun).toHaveLength(1)
  const { claimed } = busy
  await busy.run(5_000)
  expect(busy.claimed - claimed).toBeGreaterThanOrEqual(8)
})
