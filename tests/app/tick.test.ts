import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, every, schedule, Snooze, task } from '../../src/index.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ManualNode } from '../../src/testing/manual-node.ts'
import { createMemoryBooks } from '../../src/stores/memory/books.ts'
import { orderOf } from '../../src/operations/enqueue/orders.ts'
import { type TickLimits, tickNode } from '../../src/runtime/tick.ts'
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
  const ledgerAfterBoth = async () => {
    await Promise.all([one.tick(), other.tick()])
    return one.schedules.ledger('often')
  }
  await expect.poll(async () => (await ledgerAfterBoth()).length, { timeout: 30_000 }).toBeGreaterThan(1)
  const ledger = await one.schedules.ledger('often')
  expect(new Set(ledger.map(({ fireAt }) => fireAt.getTime())).size).toBe(ledger.length)
})

test('ticks of one Escapement run one after another, and each tells what it ran', async () => {
  const app = appOn('memory:', [])
  for (let job = 1; job <= 5; job++) await app.enqueue(load, job)
  expect(await Promise.all([app.tick(), app.tick()])).toEqual([
    { ran: 5, isDone: true },
    { ran: 0, isDone: true }
  ])
})

test('it counts each attempt by which a job was put off or failed', async () => {
  const putOff = task('put-off', {
    handler: () => {
      throw new Snooze('1h')
    }
  })
  const failing = task('failing', { handler: () => Promise.reject(new Error('no')), maxAttempts: 1 })
  const app = createEscapement({ database: 'memory:', tasks: [putOff, failing], logger: false })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.enqueue(putOff, null)
  await app.enqueue(failing, null)
  expect(await app.tick()).toEqual({ ran: 2, isDone: true })
})

test('a stop ends the tick under way in order, and refuses the one that waits', async () => {
  const file = freshFile()
  const app = createEscapement({ database: `sqlite:${file}`, tasks: [obeying], logger: false })
  const { id } = await app.enqueue(obeying, null)
  const isStarted = new Promise(resolve => app.on('job.started', resolve))
  const [ticking, waiting] = [app.tick(), app.tick()]
  const refused = expect(waiting).rejects.toMatchObject({ code: 'stopped' })
  await isStarted
  await app.stop({ graceMs: 0 })
  expect(await ticking).toEqual({ ran: 0, isDone: false })
  await refused
  const next = appOn(`sqlite:${file}`, [])
  expect(await next.jobs.get(id)).toMatchObject({ state: 'available', rescues: 0 })
  expect(await (await next.store()).listNodes()).toMatchObject([{ phase: 'left' }])
})

const obeying = task('obeying', {
  handler: ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
})

test('one whose time is up says that something is left, and its handlers get their grace', async () => {
  const app = createEscapement({ database: 'memory:', tasks: [slow], logger: false, shutdownGrace: '5s' })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.enqueue(slow, null)
  expect(await app.tick({ atMost: '150ms' })).toEqual({ ran: 1, isDone: false })
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
  const ticking = tickOf(node, { atMostMs: 60_000, graceMs: 0 })
  for (let passed = 0; passed < 25_000; passed += 100) await passInTurns(clock, 100)
  expect(await ticking).toEqual({ ran: 1, isDone: true })
})

test('its lease is renewed until its handlers have ended', async () => {
  const [clock, books] = [new ManualClock(), createMemoryBooks()]
  let release: () => void = () => undefined
  const released = new Promise<void>(resolve => (release = resolve))
  const node = new ManualNode({ clock, books, tasks: [{ ...hanging, handler: () => released }] })
  const other = new ManualNode({ clock, books, newId: randomUUID })
  await other.start()
  await other.enqueuer.write(orderOf(hanging, null, {}))
  const ticking = tickOf(node, { atMostMs: 0, graceMs: 60_000 })
  for (let passed = 0; passed < 40_000; passed += 1_000) {
    await passInTurns(clock, 1_000)
    expect(await other.sweep()).toBe(0)
  }
  release()
  expect(await ticking).toEqual({ ran: 1, isDone: false })
})

const lease = { ttlMs: 15_000, renewEveryMs: 5_000 }
const tickOf = ({ node, store, clock, events }: ManualNode, limits: TickLimits) =>
  tickNode({ node, store, clock, events, lease }, limits)

/** A tick takes turns of the event loop between its looks. */
async function passInTurns(clock: ManualClock, ms: number): Promise<void> {
  await clock.advance(ms)
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}

const hanging = task('hanging', { handler: () => new Promise<void>(() => undefined) })

test('it refuses what is not for it', async () => {
  const app = appOn('memory:', [])
  await expect(app.tick({ atMost: 'soon' })).rejects.toMatchObject({ code: 'duration-invalid' })
  await app.start()
  await expect(app.tick()).rejects.toMatchObject({ code: 'options-invalid' })
})
