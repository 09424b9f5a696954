import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'

import type { ManualClock } from '../../src/testing/manual-clock.ts'
import { creation, completed, jobId, newJob, nodeRecord, read, runningJob, scheduleState } from './fixtures.ts'
import type { Suite } from './harness.ts'
import { START } from './suite.ts'

export function testConnections(suite: Suite): void {
  testSharing(suite)
  testWatching(suite)
  testEndOfWatching(suite)
  testClosing(suite)
  testRepeats(suite)
}

function testSharing({ test }: Suite): void {
  test('connections: one id of the books, a UUID', async ({ store, beside }) => {
    expect(store.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect((await beside()).id).toBe(store.id)
  })

  test('connections: what one writes the others read', async ({ store, beside }) => {
    const other = await beside()
    await store.enqueue([newJob()])
    expect(await other.readJob(jobId(1))).toEqual(await store.readJob(jobId(1)))
    const attempt = await runningJob(other, { id: jobId(2), priority: -1 })
    expect(await store.settle([completed(attempt)])).toEqual(['accepted'])
    expect((await read(other, jobId(2))).state).toBe('completed')
  })

  test('connections: the time is that of the clock, as far as the store has none of its own', async ({
    clock,
    store
  }) => {
    if (store.traits.clock !== 'process') return
    expect(await store.now()).toBe(START)
    clock.jump(-5_000)
    expect(await store.now()).toBe(START - 5_000)
  })
}

/** Lets time pass until it is true, real time too: what comes over a network cares for no other clock. */
async function passUntil(clock: ManualClock, isReached: () => boolean): Promise<void> {
  for (let step = 0; step < 10_000 && !isReached(); step++) {
    await clock.advance(100)
    await sleep(1)
  }
  expect(isReached()).toBe(true)
}

function testWatching({ test }: Suite): void {
  test('watch: a write wakes another connection', async ({ clock, store, beside }) => {
    const other = await beside()
    let calls = 0
    const end = other.watch(() => (calls += 1))
    await clock.advance(200)
    const before = calls
    await store.enqueue([newJob()])
    await passUntil(clock, () => calls > before)
    end()
  })

  test('watch: every listener is woken, again and again', async ({ clock, store, beside }) => {
    const other = await beside()
    const calls = [0, 0]
    const ends = calls.map((_, index) => other.watch(() => (calls[index]! += 1)))
    for (let round = 1; round <= 3; round++) {
      const before = [...calls]
      await store.enqueue([newJob({ id: jobId(round) })])
      await passUntil(clock, () => calls.every((count, index) => count > before[index]!))
    }
    for (const end of ends) end()
  })
}

function testEndOfWatching({ test }: Suite): void {
  test('watch: once ended nobody is called, and the others still are', async ({ clock, store, beside }) => {
    const other = await beside()
    let ended = 0
    let going = 0
    const end = other.watch(() => (ended += 1))
    const endOther = other.watch(() => (going += 1))
    end()
    end()
    const before = going
    await store.enqueue([newJob()])
    await passUntil(clock, () => going > before)
    expect(ended).toBe(0)
    endOther()
  })

  test('watch: a listener may end itself while it is called', async ({ clock, store, beside }) => {
    const other = await beside()
    let calls = 0
    const end = other.watch(() => {
      calls += 1
      end()
    })
    await store.enqueue([newJob()])
    await passUntil(clock, () => calls > 0)
    await store.enqueue([newJob({ id: jobId(2) })])
    await clock.advance(5_000)
    expect(calls).toBe(1)
  })
}

function testClosing({ test }: Suite): void {
  test('close: twice is as once, and the others go on', async ({ store, beside }) => {
    const other = await beside()
    await store.enqueue([newJob()])
    await store.close()
    await store.close()
    expect((await read(other, jobId(1))).state).toBe('available')
  })

  test('close: what comes after it is refused', async ({ store }) => {
    await store.close()
    await expect(store.enqueue([newJob()])).rejects.toMatchObject({ code: 'store-unavailable' })
    await expect(store.readJob(jobId(1))).rejects.toMatchObject({ code: 'store-unavailable' })
  })

  test('close: ends the watching', async ({ clock, store, beside }) => {
    const other = await beside()
    let calls = 0
    other.watch(() => (calls += 1))
    const written = store.enqueue([newJob()])
    await other.close()
    await written
    await store.enqueue([newJob({ id: jobId(2) })])
    await clock.advance(5_000)
    expect(calls).toBe(0)
    await store.close()
    expect(clock.pending).toBe(0)
  })
}

function testRepeats({ test }: Suite): void {
  test('repeats: a method that lost its answer can be called again', async ({ clock, store }) => {
    const attempt = await runningJob(store, { delivery: 'at-most-once' })
    const step = { name: 'scrape', result: '1' }
    await store.join(nodeRecord())
    const twice: readonly (() => Promise<unknown>)[] = [
      () => store.join(nodeRecord()),
      () => store.markStarted(attempt),
      () => store.saveStep(attempt, step),
      () => store.saveProgress(attempt, '0.5'),
      () => store.cancel([attempt.id]),
      () => store.pauseQueue('default', true),
      () => store.enqueue([newJob({ id: jobId(1) })]),
      () => store.settle([completed(attempt, '1')])
    ]
    for (const call of twice) {
      const first = await call()
      const before = [await read(store, attempt.id), await store.listNodes(), await store.readSteps(attempt.id)]
      clock.set(clock.now() + 1)
      expect(await call()).toEqual(first)
      expect([await read(store, attempt.id), await store.listNodes(), await store.readSteps(attempt.id)]).toEqual(
        before
      )
    }
  })

  test('repeats: a registration written again changes nothing', async ({ clock, store }) => {
    await store.writeSchedules([creation(scheduleState())])
    const registration = { app: 'tracker', release: 1, hash: 'aaaa' }
    await store.writeRegistration(registration, [])
    const before = await store.listSchedules({ limit: 10 })
    clock.set(START + 9)
    await store.writeRegistration(registration, [])
    expect(await store.listSchedules({ limit: 10 })).toEqual(before)
  })
}
