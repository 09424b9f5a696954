import { describe, expect, test } from 'vitest'
import { type Schedule, schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { failing, heard, Lab, START, tampered } from '../lab.ts'

const MINUTE = 60_000
const load = task('load', { handler: () => undefined })
const loads = (over: object = {}): Schedule => schedule('loads', { task: load, trigger: every('1m'), ...over })

/** A node of this release that registers these schedules, and what it told. */
async function deploy(lab: Lab, release: number, schedules: readonly Schedule[]) {
  const node = lab.node({ tasks: [load], schedules, config: { name: 'harbour', release } })
  const emitted = {
    registered: heard(node.events, 'schedule.registered'),
    contested: heard(node.events, 'schedule.contested'),
    orphaned: heard(node.events, 'schedule.orphaned')
  }
  let reads = 0
  tampered(node.store, 'readSchedules', read => ids => (reads++, read(ids)))
  await node.start()
  return { node, emitted, reads: () => reads }
}

describe('registration', () => {
  test('creates, leaves alone by one look at a hash, and changes', async () => {
    const lab = new Lab()
    expect((await deploy(lab, 1, [loads()])).emitted.registered).toMatchObject([
      { created: 1, changed: 0, unchanged: 0 }
    ])
    const again = await deploy(lab, 1, [loads()])
    expect(again.emitted.registered).toMatchObject([{ created: 0, changed: 0, unchanged: 1 }])
    expect(again.reads()).toBe(0)
    const changed = await deploy(lab, 2, [loads({ priority: 5 })])
    expect(changed.emitted.registered).toMatchObject([{ created: 0, changed: 1 }])
    expect(changed.emitted.contested).toEqual([])
  })

  test('a lower release overwrites nothing, and orphans nothing', async () => {
    const lab = new Lab()
    await deploy(lab, 2, [loads({ priority: 5 }), schedule('more', { task: load, trigger: every('1h') })])
    const { emitted } = await deploy(lab, 1, [loads()])
    expect(emitted.registered).toMatchObject([{ outranked: ['loads'] }])
    expect(emitted.orphaned).toEqual([])
    expect(lab.books.schedules.get('loads')?.definition.priority).toBe(5)
  })

  test('equal releases that differ are written and told', async () => {
    const lab = new Lab()
    await deploy(lab, 1, [loads()])
    const { emitted } = await deploy(lab, 1, [loads({ priority: 5 })])
    expect(emitted.contested).toEqual([{ scheduleId: 'loads', release: 1 }])
    expect(lab.books.schedules.get('loads')?.definition.priority).toBe(5)
  })

  test('what code no longer names is orphaned, shown, and fires on', async () => {
    const lab = new Lab()
    await deploy(lab, 1, [loads()])
    const { node, emitted } = await deploy(lab, 2, [])
    expect(emitted.orphaned).toEqual([{ app: 'harbour', scheduleIds: ['loads'], policy: 'keep' }])
    lab.clock.set(START + MINUTE)
    await node.tick()
    expect(lab.onlyJob.scheduleId).toBe('loads')
  })

  test('only a process with the role of a scheduler registers', async () => {
    const lab = new Lab()
    await lab.started({ tasks: [load], schedules: [loads()], roles: ['worker'] })
    expect(lab.books.schedules.size).toBe(0)
  })

  test('that others disturb without end says so, and does not claim to be done', async () => {
    const lab = new Lab()
    const node = lab.node({ tasks: [load], schedules: [loads()] })
    tampered(node.store, 'writeSchedules', () => async () => ['conflict'])
    await expect(node.start()).rejects.toMatchObject({ code: 'store-busy' })
    const hash = node.node.registrar.declares[0]!.hash
    expect(lab.books.registrations.get('default')?.hash).not.toBe(hash)
  })
})

describe('a run at start', () => {
  const starting = { tasks: [load], schedules: [loads({ runAtStart: true })] }

  test('of many processes at once is one run', async () => {
    const lab = new Lab()
    await Promise.all([1, 2, 3, 4].map(() => lab.started(starting)))
    expect(lab.onlyJob).toMatchObject({ origin: 'start', scheduleId: 'loads' })
  })

  test('of a crash loop is one run a period', async () => {
    const lab = new Lab()
    for (let crash = 0; crash < 12; crash++) {
      await (await lab.started(starting)).work()
      lab.clock.set(lab.clock.now() + 10_000)
    }
    expect([...lab.books.jobs.values()].map(job => (job.createdAt - START) / MINUTE)).toEqual([0, 1])
  })

  test('is tried again when its compare-and-set is lost to another write', async () => {
    const lab = new Lab()
    const other = await lab.started({ tasks: [load], schedules: [loads()] })
    const node = lab.node(starting)
    const restore = tampered(node.store, 'readSchedules', read => async ids => {
      restore()
      const answer = await read(ids)
      await other.operator.pause('loads')
      await other.operator.resume('loads')
      return answer
    })
    await node.start()
    expect(lab.onlyJob.origin).toBe('start')
  })

  test('whose answer was lost is not created twice', async () => {
    const lab = new Lab()
    const node = lab.node(starting)
    failing(node.store, 'writeSchedules', { after: true })
    await expect(node.start()).rejects.toThrow('writeSchedules failed')
    await lab.started(starting)
    expect(lab.onlyJob.origin).toBe('start')
  })
})
