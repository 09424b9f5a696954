import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, every, schedule, task } from '../../src/index.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ManualNode } from '../../src/testing/manual-node.ts'
import { createMemoryBooks } from '../../src/stores/memory/books.ts'
import { orderOf } from '../../src/operations/enqueue/orders.ts'
import { runUntilNothingIsDue } from '../../src/runtime/tick.ts'
import { freshFile } from '../stores/sqlite/folder.ts'

const ran: number[] = []
const load = task<number>('load', { handler: ({ payload }) => void ran.push(payload) })

function appOn(database: string, schedules = [schedule('often', { task: load, trigger: every('1s'), payload: 0 })]) {
  const app = createEscapement({ database, tasks: [load], schedules, logger: false, worker: { concurrency: 2 } })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  return app
}

test('a tick runs what is due, leaves in order, and may be followed by the next', async () => {
  const app = appOn(`sqlite:${freshFile()}`, [])
  for (let job = 1; job <= 5; job++) await app.enqueue(load, job)
  await app.enqueue(load, 6, { delay: '1h' })
  ran.length = 0
  expect(await app.tick()).toEqual({ ran: 5, isDone: true })
  expect(ran.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
  expect(await app.tick()).toEqual({ ran: 0, isDone: true })
  const nodes = await (await app.store()).listNodes()
  expect(nodes.map(({ phase }) => phase)).toEqual(['left', 'left'])
})

test('two ticks at the same time record each fire time once', async () => {
  const file = freshFile()
  const [one, other] = [appOn(`sqlite:${file}`), appOn(`sqlite:${file}`)]
  await one.tick()
  await new Promise(resolve => setTimeout(resolve, 1_100))
  await Promise.all([one.tick(), other.tick()])
  const ledger = await one.schedules.ledger('often')
  expect(ledger.length).toBeGreaterThan(0)
  expect(new Set(ledger.map(({ fireAt }) => fireAt.getTime())).size).toBe(ledger.length)
})

test('one whose time is up says that something is left, and its handlers get their grace', async () => {
  const app = createEscapement({ database: 'memory:', tasks: [slow], logger: false, shutdownGrace: '5s' })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.enqueue(slow, null)
  expect(await app.tick({ atMost: '150ms' })).toMatchObject({ isDone: false })
  expect(await app.jobs.list({ state: 'completed' })).toMatchObject({ items: [{ task: 'slow' }] })
})

const slow = task('slow', { handler: () => new Promise(resolve => setTimeout(resolve, 400)) })

test('jobs of a process that died are waited for as long as its lease lasts', async () => {
  const [clock, books] = [new ManualClock(), createMemoryBooks()]
  const dead = new ManualNode({ clock, books, tasks: [hanging] })
  await dead.start()
  await dead.enqueuer.write(orderOf(hanging, null, {}))
  await dead.claim()
  const node = new ManualNode({ clock, books, newId: randomUUID, tasks: [{ ...hanging, handler: () => undefined }] })
  await node.start()
  const lease = { ttlMs: 15_000, renewEveryMs: 5_000 }
  const ticking = runUntilNothingIsDue(
    { node: node.node, store: node.store, clock, events: node.events, lease },
    clock.monotonic() + 60_000
  )
  // It takes turns of the event loop between its looks.
  for (let passed = 0; passed < 25_000; passed += 100) {
    await clock.advance(100)
    for (let turn = 0; turn < 5; turn++) await nextTurn()
  }
  expect(await ticking).toEqual({ ran: 1, isDone: true })
})

const hanging = task('hanging', { handler: () => new Promise<void>(() => undefined) })

test('it refuses what is not for it', async () => {
  const app = appOn('memory:', [])
  await expect(app.tick({ atMost: 'soon' })).rejects.toMatchObject({ code: 'duration-invalid' })
  await app.start()
  await expect(app.tick()).rejects.toMatchObject({ code: 'options-invalid' })
})
