import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { every, schedule, type Schedule, type ScheduleOptions, type Task, task } from '../../src/index.ts'
import { Lab } from '../runtime/lab.ts'
import { blocksOf, textOf, writePrograms } from './blocks.ts'

test('the schedules of the guide fire as it says', async () => {
  const folder = writePrograms(blocksOf('schedules.md'))
  vi.stubEnv('ESCAPEMENT_DATABASE_URL', 'memory:')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { schedules, report } = (await import(join(folder, 'schedules.ts'))) as {
    schedules: Schedule[]
    report: Task
  }
  const lab = new Lab()
  const node = await lab.started({ tasks: [report], schedules, config: { defaults: { timezone: 'Europe/Berlin' } } })
  const nextOf = (id: string): string => new Date(lab.books.schedules.get(id)!.nextFireAt!).toISOString()
  // The clock shows the beginning of 2026, in UTC.
  expect(['nightly', 'every-five-minutes', 'launch', 'quarter'].map(nextOf)).toEqual([
    '2026-01-01T01:00:00.000Z',
    '2026-01-01T00:05:00.000Z',
    '2030-01-01T08:00:00.000Z',
    '2026-01-31T08:00:00.000Z'
  ])
  expect(nextOf('opening')).toMatch(/^2026-01-01T08:0\d:/)
  await node.work()
  expect(lab.onlyJob).toMatchObject({ scheduleId: 'every-five-minutes', state: 'completed', fireAt: undefined })
})

test('the fire times of the table of clock changes are those of the program', async () => {
  const logged = vi.spyOn(console, 'log').mockReturnValue(undefined)
  onTestFinished(() => void vi.restoreAllMocks())
  const { firesOn } = (await import(join(writePrograms(blocksOf('schedules.md')), 'dst.ts'))) as {
    firesOn: (date: string, dst: object) => string[]
  }
  const rows = [...textOf('docs/guides/schedules.md').matchAll(/^\| (8 March|1 November) \| (.*?) \| (.*?) \|$/gm)]
  expect(rows).toHaveLength(6)
  for (const [row, day, dst = '', fires = ''] of rows) {
    const [, member, policy] = /`(gap|overlap): '(\w+)'`/.exec(dst) ?? []
    const given = member === undefined ? {} : { [member]: policy }
    const expected = [...fires.matchAll(/`(.*?)`/g)].map(([, fire]) => fire)
    expect([row, firesOn(day === '8 March' ? '2026-03-08' : '2026-11-01', given)]).toEqual([row, expected])
  }
  expect(logged).toHaveBeenCalledOnce()
})

const look = task('look', { handler: () => undefined })

test.each<[string, Partial<ScheduleOptions<unknown>>, readonly string[], number]>([
  ['none', {}, ['05:00'], 1],
  ["`coalesce: 'earliest'`", { coalesce: 'earliest' }, ['02:01'], 1],
  ["`coalesce: 'all', overlap: 'allow'`", { coalesce: 'all', overlap: 'allow' }, ['03:21', '05:00'], 100],
  ["`coalesce: 'all'`", { coalesce: 'all' }, ['03:21'], 1],
  ["`misfireGrace: '10s'`", { misfireGrace: '10s' }, ['05:00'], 1]
])('after an outage, with %s, the jobs are those of the table', async (options, given, times, count) => {
  const lab = new Lab()
  const schedules = [schedule('minutely', { task: look, trigger: every('1m'), ...given })]
  lab.clock.set('2026-01-01T02:00:00Z')
  const before = await lab.started({ tasks: [look], schedules })
  await before.tick()
  await before.work()
  await before.stop()
  const known = new Set(lab.books.jobs.keys())
  lab.clock.set('2026-01-01T05:00:05Z')
  const after = await lab.started({ tasks: [look], schedules })
  await after.tick()
  const created = [...lab.books.jobs.values()].filter(({ id }) => !known.has(id)).map(({ fireAt }) => fireAt!)
  const shown = created.toSorted((a, b) => a - b).map(at => new Date(at).toISOString().slice(11, 16))
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([count, times[0], times.at(-1)])
  const row = textOf('docs/guides/schedules.md')
    .split('\n')
    .find(line => line.startsWith(`| ${options} |`))
  for (const time of times) expect(row).toContain(time)
})
