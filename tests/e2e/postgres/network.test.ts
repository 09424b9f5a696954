import { once } from 'node:events'
import { describe, test } from 'vitest'
import { every, schedule, task } from '../../../src/index.ts'
import { verifyBooks } from '../../../src/views/verification.ts'
import { isSound } from '../../../src/core/verify/verify-counts.ts'
import { execute, freshDatabase } from '../../stores/postgres/server.ts'
import { appOn, proxyTo, eventOf } from './app.ts'

/** Far longer than a query may take, also on a machine that does much else. */
const PATIENT_LEASE_MS = 9_000
/** Of what is said to the server, whatever it is. */
const CUT_OF_EVERY = 11

describe.concurrent('a node on PostgreSQL, whose connections', () => {
  test('fall silent, gives up each query in time, lets go by its own deadline, and comes back by itself', async ({
    expect,
    onTestFinished
  }) => {
    const { proxy, url } = await proxyTo(await freshDatabase(), onTestFinished)
    const begun = Promise.withResolvers<AbortSignal>()
    const waits = task('waits', {
      handler: async ({ signal }) => {
        begun.resolve(signal)
        if (!signal.aborted) await once(signal, 'abort')
        throw signal.reason
      }
    })
    const load = task('load', { handler: () => undefined })
    const app = appOn(url, { tasks: [waits, load], lease: { ttl: PATIENT_LEASE_MS } }, onTestFinished)
    await app.start()
    await app.enqueue(waits, null)
    const signal = await begun.promise
    const failed = eventOf(app, 'loop.failed', ({ loop }) => loop === 'heartbeat')
    const lost = eventOf(app, 'node.lease-lost')

    proxy.blackhole()
    let isLost = false
    void lost.then(() => (isLost = true))
    await expect(app.enqueue(load, null)).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(isLost).toBe(false)
    // Busy: what waits for one of the few connections, all of which wait for an answer.
    expect(['store-unavailable', 'store-busy']).toContain((await failed).code)
    expect(await lost).toMatchObject({ running: 1 })
    expect({ isAborted: signal.aborted, reason: signal.reason as unknown }).toMatchObject({
      isAborted: true,
      reason: { reason: 'lease-lost' }
    })

    const recovered = eventOf(app, 'loop.recovered', ({ loop }) => loop === 'heartbeat')
    proxy.pass()
    await recovered
    const { id } = await app.enqueue(load, null)
    await eventOf(app, 'job.completed', ({ jobId }) => jobId === id)
  })

  test('are reset, goes on', async ({ expect, onTestFinished }) => {
    const { proxy, url } = await proxyTo(await freshDatabase(), onTestFinished)
    const load = task('load', { handler: () => undefined })
    const app = appOn(url, { tasks: [load] }, onTestFinished)
    await app.start()
    for (let number = 1; number <= 5; number++) {
      const id = `00000000-0000-8000-8000-00000000000${number}`
      const completed = eventOf(app, 'job.completed', ({ jobId }) => jobId === id)
      proxy.reset()
      await expect
        .poll(() =>
          app.enqueue(load, null, { id }).then(
            () => true,
            () => false
          )
        )
        .toBe(true)
      await completed
    }
    expect(proxy.connections).toBeGreaterThan(0)
  })

  test('lose the answers to what was written, does nothing twice', async ({ expect, onTestFinished }) => {
    const address = await freshDatabase()
    await execute('CREATE TABLE effect (job text NOT NULL)', address)
    const { proxy, url } = await proxyTo(address, onTestFinished)
    const write = task('write', {
      retry: { kind: 'fixed', delay: 50 },
      handler: ({ job, transaction }) =>
        transaction(async tx => void (await tx.query('INSERT INTO effect (job) VALUES ($1)', [job.id])))
    })
    const endAt = Date.now() + 4_000
    const schedules = ['a', 'b', 'c'].map(id =>
      schedule(id, { task: write, trigger: every('1s', { end: new Date(endAt) }) })
    )
    const app = appOn(url, { tasks: [write], schedules }, onTestFinished)
    await app.start()
    let said = 0
    proxy.cutAnswersTo(() => ++said % CUT_OF_EVERY === 0)
    const ids: string[] = []
    for (let number = 0; Date.now() < endAt; number++) {
      const id = `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`
      await expect
        .poll(() =>
          app.enqueue(write, null, { id }).then(
            () => true,
            () => false
          )
        )
        .toBe(true)
      ids.push(id)
    }
    proxy.pass()
    await expect
      .poll(async () => (await app.queues.list()).flatMap(({ counts }) => Object.keys(counts)), { timeout: 60_000 })
      .toEqual([])

    const rows = await execute('SELECT job, count(*)::int AS rows FROM effect GROUP BY job', address)
    expect(rows.filter(row => row['rows'] !== 1)).toEqual([])
    const written = new Set(rows.map(row => row['job']))
    expect(ids.filter(id => !written.has(id))).toEqual([])
    const { schedules: verifications } = await verifyBooks(await app.store(), { from: undefined, to: undefined })
    expect(verifications.map(verification => isSound(verification))).toEqual([true, true, true])
    expect(written.size).toBe(ids.length + verifications.reduce((total, { fired }) => total + fired, 0))
    expect(proxy.cuts).toBeGreaterThan(5)
  })
})
