import { describe, expect, onTestFinished, test } from 'vitest'
import { at, createEscapement, cron, type EventMap, every, schedule, task, type Trigger } from '../../../src/index.ts'
import { createMemoryBooks, ManualClock, ManualNode } from '../../../src/testing.ts'
import { viewOf } from '../../../src/app/views.ts'

const load = task('load', { handler: () => undefined })
const START = Date.parse('2026-06-01T00:00:00Z')

/** One life of an app on the same books. */
async function registered(trigger: Trigger, clock: ManualClock, books = createMemoryBooks()) {
  const node = new ManualNode({ clock, books, tasks: [load], schedules: [schedule('job', { task: load, trigger })] })
  const ended: EventMap['schedule.ended'][] = []
  node.events.on('schedule.ended', facts => ended.push(facts))
  await node.start()
  const read = async () => viewOf((await node.store.readSchedules(['job'])).schedules[0]!, [])
  return { node, ended, read, books }
}

describe('what will never fire is said at once, and shown as ended', () => {
  test.each<[string, Trigger, string | undefined]>([
    ['a year that has passed', cron('0 0 0 1 1 ? 2015'), '2015-01-01T00:00:00Z'],
    ['an instant that has passed', at('2026-05-31T23:59:59Z'), '2026-05-31T23:59:59Z'],
    ['an end that has passed', every('1h', { end: '2026-05-01T00:30:00Z' }), '2026-05-01T00:00:00Z'],
    ['an end of a cron expression', cron('0 9 * * *', { end: '2026-05-01T00:00:00Z' }), '2026-04-30T09:00:00Z']
  ])('%s', async (_, trigger, last) => {
    const { ended, read } = await registered(trigger, new ManualClock(START))
    expect(ended).toEqual([{ scheduleId: 'job', lastFireAt: last === undefined ? undefined : new Date(last) }])
    expect((await read()).phase).toBe('ended')
  })

  test('and nothing of what will', async () => {
    for (const trigger of [every('1h'), at('2026-06-01T00:00:01Z'), cron('0 0 0 1 1 ? 2027')]) {
      const { ended, read } = await registered(trigger, new ManualClock(START))
      expect(ended).toEqual([])
      expect((await read()).phase).toBe('active')
    }
  })
})

test('an instant that fired is ended, and each later start is as quiet as any', async () => {
  const clock = new ManualClock(START)
  const trigger = at('2026-06-01T00:00:01Z')
  const first = await registered(trigger, clock)
  clock.set(START + 2_000)
  await first.node.tick()
  expect(await first.read()).toMatchObject({ phase: 'ended', fires: 1, nextFireAt: undefined })
  await first.node.stop()
  clock.set(START + 86_400_000)
  const second = await registered(trigger, clock, first.books)
  expect(second.ended).toEqual([])
  expect((await second.read()).phase).toBe('ended')
})

test('one that had ended goes on with a trigger that has a fire time to come', async () => {
  const clock = new ManualClock(START)
  const first = await registered(at('2026-05-01T00:00:00Z'), clock)
  await first.node.stop()
  const second = await registered(every('1h'), clock, first.books)
  expect(second.ended).toEqual([])
  expect((await second.read()).phase).toBe('active')
})

test('what may be meant otherwise is told at the start, with the id of the schedule', async () => {
  const schedules = [
    schedule('quartz', { task: load, trigger: cron('0 0 9 ? * 2-6') }),
    schedule('zone', { task: load, trigger: cron('0 9 * * *', { timezone: 'EST' }), spread: '1m' }),
    schedule('clear', { task: load, trigger: cron('0 9 * * mon-fri') })
  ]
  const app = createEscapement({ database: 'memory:', logger: false, schedules })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  const doubts: EventMap['schedule.doubted'][] = []
  app.on('schedule.doubted', facts => doubts.push(facts))
  await app.start()
  expect(doubts).toEqual([
    { scheduleId: 'quartz', doubt: expect.stringContaining('here 1 is Monday') },
    { scheduleId: 'zone', doubt: expect.stringContaining('has no summer time') }
  ])
})
