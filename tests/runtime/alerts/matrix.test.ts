import { describe, expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { START } from '../lab.ts'
import { Cluster, rests } from './cluster.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const quiet = task('report', { handler: () => undefined })
const minutely = (over = {}) => schedule('invoices', { task: quiet, trigger: every('1m'), ...over })

/** A task that fails for good while `fails` is set. */
function moody() {
  const mood = { fails: true }
  const handler = (): void => {
    if (mood.fails) throw new Error('the bank is away')
  }
  return { mood, task: task('report', { maxAttempts: 1, handler }) }
}

describe('three processes look, one dies in the middle, and each incident is told once', () => {
  test('not-started: an undecided fire time, and its end', async () => {
    const cluster = new Cluster()
    const web = await cluster.node({ roles: ['worker'], tasks: [quiet] })
    const scheduler = await cluster.node({ tasks: [quiet], schedules: [minutely()] })
    await cluster.pass(3 * MINUTE)
    expect(cluster.told).toEqual([])
    // It renews and decides nothing.
    cluster.silence(scheduler)
    for (let minute = 0; minute < 3; minute++) {
      await scheduler.renew()
      if (minute === 1) cluster.kill(0)
      for (let look = 0; look < 4; look++) {
        await scheduler.renew()
        await cluster.pass(15_000)
      }
    }
    expect(cluster.told).toEqual(['not-started invoices'])
    expect(cluster.sent[0]?.text).toContain('no scheduler has decided it')
    cluster.nodes.push(scheduler)
    await cluster.pass(MINUTE)
    expect(cluster.told).toEqual(['not-started invoices', 'over: not-started invoices'])
    expect(web.node.roles).toEqual(['worker'])
  })

  test('not-started: a job that nobody claims says why', async () => {
    const cluster = new Cluster({ without: ['stale', 'missed'] })
    const node = await cluster.node({ tasks: [quiet], schedules: [minutely()] })
    await cluster.pass(3 * MINUTE)
    await node.store.pauseQueue('default', true)
    await cluster.pass(2 * MINUTE)
    cluster.kill(1)
    await cluster.pass(MINUTE)
    expect(cluster.told).toEqual(['not-started invoices'])
    expect(cluster.sent[0]?.text).toContain('its queue "default" is paused')
    await node.store.pauseQueue('default', false)
    await cluster.pass(MINUTE)
    expect(cluster.told).toEqual(['not-started invoices', 'over: not-started invoices'])
  })

  test('failed, with the message, and repeated after 1 h until somebody has seen it', async () => {
    const { mood, task: failing } = moody()
    const cluster = new Cluster({ without: ['stale'] })
    await cluster.node({
      tasks: [failing],
      schedules: [schedule('invoices', { task: failing, trigger: every('10m') })]
    })
    await cluster.pass(15 * MINUTE)
    cluster.kill(0)
    await cluster.pass(15 * MINUTE)
    expect(cluster.told).toEqual(['failed invoices'])
    expect(cluster.sent[0]?.text).toContain('the bank is away')
    await cluster.pass(50 * MINUTE)
    expect(cluster.told).toEqual(['failed invoices', 'still: failed invoices'])
    const { store } = cluster.watchers[0]!
    const [open] = await store.readIncidents(cluster.lab.clock.now())
    expect(await store.acknowledgeIncident(open!.id, 'ann')).toBe(true)
    await cluster.pass(4 * HOUR)
    expect(cluster.told).toHaveLength(2)
    mood.fails = false
    await cluster.pass(11 * MINUTE)
    expect(cluster.told.at(-1)).toBe('over: failed invoices')
    expect(cluster.sent.at(-1)?.text).toMatch(/after \d+ h\. Counted meanwhile: \d+\./)
    expect(new Set(cluster.keys).size).toBe(cluster.keys.length)
  })

  test('stale, also where the fails in a row are not yet enough', async () => {
    const { mood, task: failing } = moody()
    const cluster = new Cluster({ failures: 100 })
    await cluster.node({
      tasks: [failing],
      schedules: [schedule('invoices', { task: failing, trigger: every('10m') })]
    })
    await cluster.pass(25 * MINUTE)
    expect(cluster.told).toEqual(['stale invoices'])
    mood.fails = false
    await cluster.pass(10 * MINUTE)
    expect(cluster.told).toEqual(['stale invoices', 'over: stale invoices'])
  })

  test('missed: overlaps in a row, until the next fire', async () => {
    const cluster = new Cluster({ without: ['stale', 'not-started'] })
    await cluster.node({ tasks: [quiet], schedules: [minutely()] })
    await cluster.pass(2 * MINUTE)
    await cluster.pass(5 * MINUTE, rests)
    cluster.kill(2)
    expect(cluster.told).toEqual(['missed invoices'])
    await cluster.pass(2 * MINUTE)
    expect(cluster.told).toEqual(['missed invoices', 'over: missed invoices'])
  })

  test('no-scheduler and node-lost: the second is a consequence of the first', async () => {
    const cluster = new Cluster()
    const scheduler = await cluster.node({ tasks: [quiet], schedules: [minutely()], roles: ['scheduler'] })
    await cluster.node({ tasks: [quiet], roles: ['worker'] })
    await cluster.pass(3 * MINUTE)
    cluster.silence(scheduler)
    await cluster.pass(4 * MINUTE)
    expect(cluster.told).toEqual(['no-scheduler scheduler'])
    await cluster.node({ tasks: [quiet], schedules: [minutely()], roles: ['scheduler'] })
    await cluster.pass(MINUTE)
    expect(cluster.told).toEqual(['no-scheduler scheduler', 'over: no-scheduler scheduler'])
  })

  test('unknown-task and queue-old', async () => {
    const cluster = new Cluster()
    const node = await cluster.node({ tasks: [quiet] })
    await cluster.pass(2 * MINUTE)
    await node.enqueuer.enqueue(task('ghost', { handler: () => undefined }), null)
    await cluster.pass(2 * MINUTE, rests)
    expect(cluster.told).toEqual(['unknown-task ghost'])
    await node.enqueuer.enqueue(quiet, null)
    await cluster.pass(11 * MINUTE, rests)
    expect(cluster.told).toEqual(['unknown-task ghost', 'queue-old default'])
    await cluster.pass(10_000)
    expect(cluster.told.at(-1)).toBe('over: queue-old default')
  })

  test('queue-deep is counted once a minute', async () => {
    const cluster = new Cluster({ queueDepth: 2 })
    const node = await cluster.node({ tasks: [quiet] })
    await cluster.pass(MINUTE)
    for (let jobs = 0; jobs < 3; jobs++) await node.enqueuer.enqueue(quiet, null)
    await cluster.pass(75_000, rests)
    expect(cluster.told).toEqual(['queue-deep default'])
    await cluster.pass(75_000)
    expect(cluster.told).toEqual(['queue-deep default', 'over: queue-deep default'])
  })

  test('too-long, until it has finished', async () => {
    const slow = Promise.withResolvers<void>()
    const long = task('long', { handler: () => slow.promise })
    const cluster = new Cluster({ runsAtMost: '2m' })
    const node = await cluster.node({ tasks: [long] })
    await node.enqueuer.enqueue(long, null)
    await node.claim()
    await cluster.pass(3 * MINUTE, rests)
    expect(cluster.told).toEqual(['too-long task long'])
    slow.resolve()
    await cluster.pass(15_000)
    expect(cluster.told).toEqual(['too-long task long', 'over: too-long task long'])
  })

  test('error: what a process reports of itself, until it recovers or is gone', async () => {
    const cluster = new Cluster()
    const { events } = cluster.watchers[0]!
    const failing = { loop: 'settle', error: new Error('no disk'), code: undefined, retryMs: 1 }
    events.emit('loop.failed', { ...failing, failures: 7 })
    await cluster.pass(30_000)
    expect(cluster.told).toEqual([])
    events.emit('loop.failed', { ...failing, failures: 8 })
    await cluster.pass(30_000)
    expect(cluster.told).toEqual(['error harbour:0 settle'])
    cluster.kill(0)
    await cluster.pass(MINUTE)
    expect(cluster.told).toEqual(['error harbour:0 settle', 'over: error harbour:0 settle'])
  })
})

describe('no false alarm', () => {
  test.each([
    ['forward', '2026-03-29T00:30:00Z', 'transition'],
    ['back', '2026-10-25T00:30:00Z', 'transition']
  ] as const)('on the day on which the clocks go %s', async (_, begin, gap) => {
    const cluster = new Cluster()
    cluster.lab.clock.set(begin)
    const berlin = { timezone: 'Europe/Berlin', dst: { gap, overlap: 'first' as const } }
    const schedules = ['30 2 * * *', '*/10 * * * *', '0 3 * * *'].map((expression, index) =>
      schedule(`s${index}`, { task: quiet, trigger: cron(expression, berlin) })
    )
    await cluster.node({ tasks: [quiet], schedules })
    await cluster.pass(4 * HOUR)
    expect(cluster.told).toEqual([])
  })

  test.each([
    ['forward', HOUR],
    ['back', -HOUR]
  ])('from a clock that jumps %s, which is told once as that', async (_, byMs) => {
    const cluster = new Cluster()
    await cluster.node({ tasks: [quiet], schedules: [minutely()] })
    await cluster.pass(3 * MINUTE)
    cluster.lab.clock.jump(byMs)
    await cluster.pass(3 * MINUTE)
    expect(cluster.told).toEqual(['clock-jumped clock', 'over: clock-jumped clock'])
  })

  test('after everything was down', async () => {
    const cluster = new Cluster()
    await cluster.node({ tasks: [quiet], schedules: [minutely()] })
    await cluster.pass(3 * MINUTE)
    cluster.lab.clock.set(START + 5 * HOUR)
    await cluster.pass(3 * MINUTE)
    expect(cluster.told).toEqual([])
  })
})
