import { describe, expect, test } from 'vitest'
import { schedule, type ScheduleOptions } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { every } from '../../../src/core/trigger/every.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { failing, heard, Lab, START } from '../lab.ts'

const SECOND = 1_000
const HOUR = 3_600_000
const DAY = 86_400_000
const load = task('load', { handler: () => undefined })
const hourly = schedule('hourly', { task: load, trigger: every('1h') })

const rowsOf = async (node: ManualNode, id = 'hourly') =>
  (await node.store.listLedger({ scheduleId: id, from: 0, until: Number.MAX_SAFE_INTEGER }, { limit: 1_000 })).items
const firesOf = async (node: ManualNode, id = 'hourly'): Promise<number[]> =>
  (await rowsOf(node, id)).filter(row => row.outcome === 'fired').map(row => (row.fireAt - START) / HOUR)

/** So many seconds pass, and the node looks at each of them. */
async function pass(lab: Lab, node: ManualNode, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    lab.clock.set(lab.clock.now() + SECOND)
    if (second % 5 === 0) await node.renew()
    await node.tick()
    await node.work()
  }
}

async function started(lab: Lab, options: Partial<ScheduleOptions<unknown>> = {}): Promise<ManualNode> {
  const node = await lab.started({
    tasks: [load],
    schedules: [schedule('hourly', { task: load, trigger: every('1h'), ...options })]
  })
  await node.tick()
  return node
}

describe('a clock that lies once', () => {
  test.each([DAY, -DAY])('by %i ms for 3 s changes nothing, and fires nothing', async lie => {
    const lab = new Lab()
    const node = await started(lab)
    const [jumped, settled] = [heard(node.events, 'clock.jumped'), heard(node.events, 'clock.settled')]
    await pass(lab, node, 10)
    lab.clock.jump(lie)
    await pass(lab, node, 3)
    lab.clock.jump(-lie)
    await pass(lab, node, 5)
    expect(await rowsOf(node)).toEqual([])
    expect(jumped).toEqual([{ nodeId: node.node.membership.id, byMs: lie }])
    expect(settled).toMatchObject([{ outcome: 'returned' }])
    lab.clock.set(START + HOUR)
    await node.tick()
    expect(await firesOf(node)).toEqual([1])
  })

  test('for longer is believed, and what it decided is taken back when it is right again', async () => {
    const lab = new Lab()
    const node = await started(lab)
    const undecided = heard(node.events, 'schedule.undecided')
    lab.clock.jump(DAY)
    await pass(lab, node, 14)
    expect(await rowsOf(node)).toEqual([])
    await pass(lab, node, 3)
    expect(await firesOf(node)).toEqual([24])
    lab.clock.jump(-DAY)
    await pass(lab, node, 17)
    expect(undecided).toMatchObject([
      { scheduleId: 'hourly', undecided: 23, stayFired: 1, nextFireAt: new Date(START + HOUR) }
    ])
    for (let hour = 1; hour <= 26; hour++) {
      lab.clock.set(START + hour * HOUR)
      await node.tick()
      await node.work()
    }
    expect(await firesOf(node)).toEqual(Array.from({ length: 26 }, (_, hour) => hour + 1))
  })

  test('back an hour for good: a schedule that began after then goes on within seconds', async () => {
    const lab = new Lab()
    const node = await started(lab, { trigger: every('5s') })
    await pass(lab, node, 10)
    lab.clock.jump(-HOUR)
    await pass(lab, node, 30)
    expect((await firesOf(node)).filter(hour => hour < 0).length).toBeGreaterThanOrEqual(2)
  })

  test('a jump that stays, as of a machine that slept, is followed after 15 s', async () => {
    const lab = new Lab()
    const node = await started(lab)
    lab.clock.jump(3 * HOUR)
    const settled = heard(node.events, 'clock.settled')
    await pass(lab, node, 17)
    expect(settled).toMatchObject([{ byMs: 3 * HOUR, outcome: 'believed' }])
    expect((await rowsOf(node)).map(({ outcome, count }) => [outcome, count])).toEqual([
      ['coalesced', 2],
      ['fired', 1]
    ])
  })

  test.each([900, -900, 1_900])('a step of %i ms is none', async step => {
    const lab = new Lab()
    const node = await started(lab, { trigger: every('5s') })
    const jumped = heard(node.events, 'clock.jumped')
    await pass(lab, node, 10)
    lab.clock.jump(step)
    await pass(lab, node, 10)
    expect(jumped).toEqual([])
    expect((await firesOf(node)).length).toBeGreaterThanOrEqual(3)
  })

  test('looks that are held wait no longer than a second each', async () => {
    const lab = new Lab()
    const node = await started(lab)
    lab.clock.jump(DAY)
    expect(await node.tick()).toBeLessThanOrEqual(SECOND)
  })

  test('a misfire grace does not count what was held', async () => {
    const lab = new Lab()
    const node = await started(lab, { trigger: cron('0 * * * *'), misfireGrace: '1m' })
    lab.clock.set(START + HOUR - 3 * SECOND)
    await node.tick()
    lab.clock.jump(-DAY)
    await pass(lab, node, 5)
    lab.clock.jump(DAY)
    await pass(lab, node, 2)
    expect(await firesOf(node)).toEqual([1])
  })
})

describe('jobs that a clock that ran ahead put off', () => {
  test('run when it is right again as soon as they were asked to, and not at a runAt of another hour', async () => {
    const lab = new Lab()
    let fails = 1
    const tries = task('tries', {
      handler: () => {
        if (fails-- > 0) throw new Error('no wind')
      },
      retry: { kind: 'fixed', delay: '10s' }
    })
    const node = await lab.started({ tasks: [load, tries], schedules: [hourly] })
    await node.tick()
    lab.clock.jump(HOUR / 2)
    await pass(lab, node, 20)
    const hastened = heard(node.events, 'jobs.hastened')
    await node.enqueuer.enqueue(load, null, { delay: '5s' })
    await node.enqueuer.enqueue(tries, null)
    await node.enqueuer.enqueue(load, null, { runAt: lab.clock.now() + 60 * SECOND })
    await node.work()
    lab.clock.jump(-HOUR / 2)
    await pass(lab, node, 30)
    expect(hastened).toEqual([{ count: 2 }])
    expect([...lab.books.jobs.values()].map(({ state }) => state)).toEqual(['completed', 'completed', 'scheduled'])
  })
})

describe('a process that was not there when the clock lied', () => {
  async function withBooksAhead(lab: Lab, change?: (node: ManualNode) => Promise<unknown>): Promise<void> {
    const node = await started(lab)
    lab.clock.jump(DAY)
    await pass(lab, node, 17)
    await change?.(node)
    await node.stop()
    lab.clock.jump(-DAY)
  }

  test('takes back what was decided when its own clock has agreed for 15 s', async () => {
    const lab = new Lab()
    await withBooksAhead(lab)
    const node = await started(lab)
    await pass(lab, node, 17)
    lab.clock.set(START + HOUR)
    await node.tick()
    expect(await firesOf(node)).toEqual([1, 24])
  })

  test.each(['pause', 'resume', 'remove'] as const)(
    'a schedule whose %s was made then goes by it from now on',
    async change => {
      const lab = new Lab()
      await withBooksAhead(lab, async node => {
        if (change === 'resume') await node.operator.pause('hourly')
        await node.operator[change]('hourly')
      })
      const node = lab.node({ tasks: [load] })
      await node.start()
      await node.tick()
      await pass(lab, node, 17)
      const [read] = (await node.store.readSchedules(['hourly'])).schedules
      expect(read!.state.validFrom).toBeLessThanOrEqual(lab.clock.now())
      expect(read!.state.nextFireAt).toBe(change === 'resume' ? START + HOUR : undefined)
    }
  )

  test('an operator takes it back at once', async () => {
    const lab = new Lab()
    await withBooksAhead(lab)
    const node = await started(lab)
    expect(await node.operator.reset('hourly')).toMatchObject({ undecided: 23, stayFired: 1 })
    expect(await node.operator.reset('hourly')).toMatchObject({ undecided: 0, stayFired: 0 })
    await expect(node.operator.reset('nothing')).rejects.toMatchObject({ code: 'schedule-unknown' })
  })

  test('does so as well where the one that lied died, and counts as alive', async () => {
    const lab = new Lab()
    const dead = await started(lab)
    lab.clock.jump(DAY)
    await pass(lab, dead, 17)
    lab.clock.jump(-DAY)
    const node = await started(lab)
    await pass(lab, node, 17)
    expect(lab.books.schedules.get('hourly')!.nextFireAt).toBe(START + HOUR)
  })

  test('takes nothing back while another node lives by a later clock', async () => {
    const lab = new Lab()
    const [ahead, behind] = [new Lab().clock, lab.clock]
    ahead.jump(DAY)
    const other = lab.node({
      clock: ahead,
      store: undefined as never,
      books: lab.books,
      tasks: [load],
      schedules: [hourly]
    })
    await other.start()
    ahead.set(ahead.now() + HOUR)
    await other.tick()
    const node = lab.node({ tasks: [load] })
    await node.start()
    for (let second = 0; second < 60; second++) {
      ahead.set(ahead.now() + SECOND)
      behind.set(behind.now() + SECOND)
      await other.renew()
      await node.tick()
    }
    expect(lab.books.schedules.get('hourly')!.revision).toBe(1)
    await other.stop()
    await pass(lab, node, 3)
    expect(lab.books.schedules.get('hourly')!.revision).toBe(2)
  })

  test('whose first look is a day ahead of every node that lives waits for 15 s', async () => {
    const lab = new Lab()
    await started(lab)
    const late = lab.node({ tasks: [load] })
    lab.clock.jump(DAY)
    await late.start()
    expect(await late.tick()).toBeLessThanOrEqual(SECOND)
    expect(await rowsOf(late)).toEqual([])
    await pass(lab, late, 17)
    expect(await firesOf(late)).toEqual([24])
  })
})

test('an undecide whose answer was lost is not made twice', async () => {
  const lab = new Lab()
  const node = await started(lab)
  lab.clock.jump(DAY)
  await pass(lab, node, 17)
  lab.clock.jump(-DAY)
  await pass(lab, node, 14)
  failing(node.store, 'writeSchedules', { after: true })
  await expect(pass(lab, node, 3)).rejects.toThrow('writeSchedules failed')
  await pass(lab, node, 3)
  expect(lab.books.schedules.get('hourly')!.revision).toBe(2)
})

test('a scheduler that sleeps notices a clock that went back within seconds', async () => {
  const lab = new Lab()
  const node = lab.node({ tasks: [load], schedules: [hourly] })
  const jumped = heard(node.events, 'clock.jumped')
  await node.node.start()
  await lab.clock.advance(5_000)
  lab.clock.jump(-HOUR)
  await lab.clock.advance(3_000)
  expect(jumped).toMatchObject([{ byMs: -HOUR }])
  await lab.clock.advance(20_000)
  expect(lab.books.schedules.get('hourly')!.nextFireAt).toBe(START)
  await node.stop()
})
