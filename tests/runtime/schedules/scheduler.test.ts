import { describe, expect, test } from 'vitest'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { task } from '../../../src/core/job/task.ts'
import { every } from '../../../src/core/trigger/every.ts'
import type { ScheduleWrite } from '../../../src/store/schedules.ts'
import type { SparingWrites } from '../../../src/store/sparing.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { failing, heard, Lab, START, tampered } from '../lab.ts'

const MINUTE = 60_000
const load = task('load', { handler: () => undefined })
const everyMinute = (id: string) => schedule(id, { task: load, trigger: every('1m') })
const firesOf = async (node: ManualNode, id: string): Promise<number[]> =>
  (await node.store.listLedger({ scheduleId: id, from: 0, until: Number.MAX_SAFE_INTEGER }, { limit: 1_000 })).items
    .filter(row => row.outcome === 'fired')
    .map(row => (row.fireAt - START) / MINUTE)

describe('a scheduler', () => {
  test('sleeps until the next fire time, and a minute at the most', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [load], schedules: [everyMinute('minutely')] })
    lab.clock.set(START + 59_000)
    expect(await node.tick()).toBe(1_000)
    const idle = await new Lab().started()
    expect(await idle.tick()).toBe(60_000)
    const rare = await new Lab().started({ schedules: [schedule('rare', { task: load, trigger: every('52w') })] })
    expect(await rare.tick()).toBe(60_000)
  })

  test('two of them give one fire, whoever writes first', async () => {
    const lab = new Lab()
    const setUp = { tasks: [load], schedules: [everyMinute('minutely')] }
    const [one, other] = [await lab.started(setUp), await lab.started(setUp)]
    lab.clock.set(START + MINUTE)
    const [decidedByOne, decidedByOther] = [
      heard(one.events, 'schedule.decided'),
      heard(other.events, 'schedule.decided')
    ]
    await Promise.all([one.tick(), other.tick()])
    expect(lab.books.jobs.size).toBe(1)
    expect(decidedByOne.length + decidedByOther.length).toBe(1)
    expect(await firesOf(one, 'minutely')).toEqual([1])
  })

  test('a decision that was read before another’s write does not go through', async () => {
    const lab = new Lab()
    const setUp = { tasks: [load], schedules: [everyMinute('minutely')] }
    const [slow, quick] = [await lab.started(setUp), await lab.started(setUp)]
    lab.clock.set(START + MINUTE)
    tampered(slow.store, 'dueSchedules', due => async (...args) => {
      const read = await due(...args)
      await quick.tick()
      return read
    })
    await slow.tick()
    expect(lab.books.jobs.size).toBe(1)
  })

  test('a write whose answer was lost is not made twice', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [load], schedules: [everyMinute('minutely')] })
    lab.clock.set(START + MINUTE)
    failing(node.store, 'writeSchedules', { after: true })
    await expect(node.tick()).rejects.toThrow('writeSchedules failed')
    await node.tick()
    expect(await firesOf(node, 'minutely')).toEqual([1])
    expect(lab.books.jobs.size).toBe(1)
  })

  test('decides more than it reads at once in one step', async () => {
    const lab = new Lab()
    const schedules = Array.from({ length: 1_201 }, (_, index) => everyMinute(`s${index}`))
    const node = await lab.started({ tasks: [load], schedules, random: () => 0.7 })
    lab.clock.set(START + MINUTE)
    expect(await node.tick()).toBe(MINUTE)
    expect(lab.books.jobs.size).toBe(1_201)
  })

  test('begins elsewhere in what is due once others were faster, until they are gone', async () => {
    const lab = new Lab()
    const schedules = Array.from({ length: 1_201 }, (_, index) => everyMinute(`s${index}`))
    const setUp = { tasks: [load], schedules, random: () => 0.7 }
    const [slow, quick] = [await lab.started(setUp), await lab.started(setUp)]
    const shares: (number | undefined)[] = []
    let isOvertaken = true
    tampered(slow.store, 'dueSchedules', due => async (limit, share) => {
      shares.push(share as number | undefined)
      const read = await due(limit, share)
      if (isOvertaken) await quick.tick()
      isOvertaken = false
      return read
    })
    for (let minute = 1; minute <= 3; minute++) {
      lab.clock.set(START + minute * MINUTE)
      await slow.tick()
    }
    // Overtaken with all of the first minute; the second was its own, and so the third is begun at its beginning.
    expect(shares).toEqual([0, 0.7, 0.7, 0.7, 0, 0, 0])
    expect(await firesOf(slow, 's1200')).toEqual([1])
  })
})

describe('a schedule that cannot be decided', () => {
  async function withUndecidable(lab: Lab) {
    const seconds = schedule('seconds', { task: load, trigger: every('1s'), overlap: 'allow' })
    const node = await lab.started({ tasks: [load], schedules: [everyMinute('broken'), seconds] })
    const state = lab.books.schedules.get('broken')!
    const definition = { ...state.definition, trigger: { kind: 'lunar' } as never }
    lab.books.due.delete(state)
    const broken = { ...state, definition, nextFireAt: START + 1_000 }
    lab.books.schedules.set('broken', broken)
    lab.books.due.add(broken)
    return node
  }

  test('is told, and holds up no other', async () => {
    const lab = new Lab()
    const node = await withUndecidable(lab)
    const undecidable = heard(node.events, 'schedule.undecidable')
    lab.clock.set(START + 1_000)
    await node.tick()
    expect(undecidable).toMatchObject([{ scheduleId: 'broken', error: expect.any(Error) }])
    expect([...lab.books.jobs.values()].map(job => job.scheduleId)).toEqual(['seconds'])
  })

  test('lets the others be on time, and is not told again and again', async () => {
    const lab = new Lab()
    const node = await withUndecidable(lab)
    const undecidable = heard(node.events, 'schedule.undecidable')
    const end = START + 10_000
    for (let now = START; now <= end; now = lab.clock.now() + Math.max(1, await node.tick())) lab.clock.set(now)
    const late = [...lab.books.jobs.values()].map(job => job.createdAt - job.fireAt!)
    expect(late.length).toBeGreaterThanOrEqual(9)
    expect(Math.max(...late)).toBeLessThan(1_000)
    expect(undecidable).toHaveLength(1)
  })
})

describe('a schedule that cannot be written', () => {
  const setUp = { tasks: [load], schedules: ['a', 'b', 'c', 'd', 'e'].map(everyMinute) }

  test('because its store refuses it is told, and holds up no other', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    const undecidable = heard(node.events, 'schedule.undecidable')
    lab.clock.set(START + MINUTE)
    tampered(node.store, 'writeSchedules', real => async (...args) => {
      if ((args[0] as ScheduleWrite[]).some(({ state }) => state.id === 'c')) throw new TypeError('no such number')
      return real(...args)
    })
    expect(await node.tick()).toBe(500)
    expect(undecidable).toMatchObject([{ scheduleId: 'c', error: expect.any(TypeError) as unknown }])
    expect(lab.books.jobs.size).toBe(4)
    await expect(node.tick()).resolves.toBe(500)
    expect(undecidable).toHaveLength(1)
  })

  test('because others hold it is looked past, and written apart from the others until it is free', async () => {
    const lab = new Lab()
    const node = await lab.started(setUp)
    let isHeld = true
    const written: string[][] = []
    const sparing: Pick<SparingWrites, 'writeSchedules'> = {
      writeSchedules: async writes => {
        written.push(writes.map(({ state }) => state.id))
        const free = writes.filter(({ state }) => !isHeld || state.id !== 'c')
        const answers = (await node.store.writeSchedules(free)).values()
        return writes.map(write => (free.includes(write) ? answers.next().value! : 'held'))
      }
    }
    Object.assign(node.store, { sparing })
    for (const minute of [1, 2]) {
      lab.clock.set(START + minute * MINUTE)
      expect(await node.tick()).toBe(100)
    }
    expect(written.map(ids => ids.toSorted())).toEqual([['a', 'b', 'c', 'd', 'e'], ['c'], ['a', 'b', 'd', 'e']])
    isHeld = false
    await node.tick()
    // The second of the others meets their first job, which nobody has run; of the two of this one the latest fires.
    expect(await firesOf(node, 'a')).toEqual([1])
    expect(await firesOf(node, 'c')).toEqual([2])
  })
})
