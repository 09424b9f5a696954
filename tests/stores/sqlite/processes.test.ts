import { once } from 'node:events'
import { describe, expect, test } from 'vitest'

import { openDriver } from '../../../src/stores/sqlite/connection/driver.ts'
import { migrations } from '../../../src/stores/sqlite/migrations/all.ts'
import { newJob, newJobs, read } from '../../conformance/fixtures.ts'
import { exitOf, startChild, tellOf } from './children.ts'
import { freshFile, openFor } from './folder.ts'

describe('several processes on one file', () => {
  test('twenty that open an empty file at once migrate it once', { timeout: 180_000 }, async () => {
    const file = freshFile()
    const children = Array.from({ length: 20 }, () => startChild(file, 'open'))
    const answers = await Promise.all(children.map(child => tellOf<{ id: string }>(child)))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    const database = openDriver(file)
    expect(database.prepare('SELECT count(*) AS applied FROM escapement_migration').get()).toEqual({
      applied: migrations.length
    })
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    database.close()
  })

  test('no two claim the same job, and every fence is given once', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.enqueue(newJobs(2_000))
    const children = Array.from({ length: 3 }, () => startChild(file, 'claim'))
    const answers = await Promise.all(children.map(child => tellOf<{ claimed: [string, number][] }>(child)))
    const claimed = answers.flatMap(child => child.claimed)
    expect(claimed).toHaveLength(2_000)
    expect(new Set(claimed.map(([id]) => id)).size).toBe(2_000)
    expect(new Set(claimed.map(([, fence]) => fence)).size).toBe(2_000)
    expect((await store.listJobs({ state: 'completed' }, { limit: 1 })).items).toHaveLength(1)
    expect(
      (await store.claim({ node: 'n', tasks: ['report'], queues: undefined, limit: 1, mayTakeSolo: true })).jobs
    ).toEqual([])
  })

  test('one that is killed within a transaction leaves nothing of it, and no lock', async () => {
    const file = freshFile()
    const store = await openFor(file)
    const database = openDriver(file)
    database.exec('CREATE TABLE arrival (ship TEXT)')
    await store.enqueue([newJob()])
    const child = startChild(file, 'stall')
    child.send('go')
    await once(child.stdout!, 'data')
    const meanwhile = store.enqueue([newJob({ id: newJobs(2)[1]!.id })])
    child.kill('SIGKILL')
    await exitOf(child)
    expect(await meanwhile).toMatchObject([{ outcome: 'enqueued' }])
    expect(await read(store, newJob().id)).toMatchObject({ state: 'running', finishedAt: undefined })
    expect(database.prepare('SELECT count(*) AS rows FROM arrival').get()).toEqual({ rows: 0 })
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    database.close()
    expect(await store.rescue(10)).toHaveLength(1)
  })

  test('while another holds the lock a write waits, and the event loop turns', async () => {
    const file = freshFile()
    const store = await openFor(file)
    const child = startChild(file, 'hold')
    await tellOf(child)
    let isWritten = false
    const write = store.enqueue([newJob()]).then(() => (isWritten = true))
    let turns = 0
    for (const until = performance.now() + 300; performance.now() < until; turns++)
      await new Promise(resolve => setImmediate(resolve))
    expect(isWritten).toBe(false)
    expect(turns).toBeGreaterThan(100)
    child.send('let go')
    await write
    expect((await read(store, newJob().id)).state).toBe('available')
  })

  test('while another holds the lock reads go on, and a claim of nothing answers', async () => {
    const file = freshFile()
    const store = await openFor(file)
    await store.enqueue([newJob({ task: 'invoice' })])
    await tellOf(startChild(file, 'hold'))
    expect((await read(store, newJob().id)).state).toBe('available')
    const nothing = await store.claim({
      node: 'n',
      tasks: ['report'],
      queues: undefined,
      limit: 9,
      mayTakeSolo: true
    })
    expect(nothing.jobs).toEqual([])
    expect(await store.rescue(9)).toEqual([])
  })

  test('a lock held for longer than the deadline is said, and nothing was written', async () => {
    const file = freshFile()
    const store = await openFor(file, { operationTimeoutMs: 60 })
    const child = startChild(file, 'hold')
    await tellOf(child)
    await expect(store.enqueue([newJob()])).rejects.toMatchObject({
      code: 'store-busy',
      message: expect.stringContaining(file)
    })
    child.send('let go')
    await exitOf(child)
    expect(await store.readJob(newJob().id)).toBeUndefined()
    expect(await store.enqueue([newJob()])).toMatchObject([{ outcome: 'enqueued' }])
  })
})
