import { describe, expect, test } from 'vitest'
import { type Schedule, schedule } from '../../src/core/declare.ts'
import { task } from '../../src/core/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import type { ManualNode } from '../../src/testing/manual-node.ts'
import { heard, Lab, START, tampered, turn } from './lab.ts'

const MINUTE = 60_000
const load = task('load', { handler: () => undefined })
const loads = (priority = 0, over: object = {}): Schedule =>
  schedule('loads', { task: load, trigger: every('1m'), priority, ...over })

interface Deployed {
  readonly name?: string
  readonly release?: number
  readonly orphans?: 'keep' | 'pause' | 'remove'
}

/** A node of a deployment, which has not started, and what it tells. */
function nodeOf(lab: Lab, schedules: readonly Schedule[], config: Deployed = {}) {
  const node = lab.node({ tasks: [load], schedules, config: { name: 'harbour', ...config } })
  const told = {
    contested: heard(node.events, 'schedule.contested'),
    differs: heard(node.events, 'schedule.differs'),
    refused: heard(node.events, 'schedule.refused'),
    orphaned: heard(node.events, 'schedule.orphaned'),
    unnamed: heard(node.events, 'schedule.unnamed'),
    keptRemoved: heard(node.events, 'schedule.kept-removed')
  }
  return { node, told }
}

async function deploy(lab: Lab, schedules: readonly Schedule[], config: Deployed = {}) {
  const deployed = nodeOf(lab, schedules, config)
  await deployed.node.start()
  return deployed
}

const priorityIn = (lab: Lab, id = 'loads'): number | undefined => lab.books.schedules.get(id)?.definition.priority
const stateIn = (lab: Lab, id = 'loads') => lab.books.schedules.get(id)!
const lookOf = (nodes: readonly { node: ManualNode }[]) => Promise.all(nodes.map(({ node }) => node.look()))

describe('an old and a new deployment that alternate', () => {
  test('with releases the newer one stays, whoever restarts when', async () => {
    const lab = new Lab()
    const first = await deploy(lab, [loads(1)], { release: 1 })
    await deploy(lab, [loads(2)], { release: 2 })
    for (let restart = 0; restart < 3; restart++) {
      await (await deploy(lab, [loads(1)], { release: 1 })).node.stop()
      await first.node.look()
      expect(priorityIn(lab)).toBe(2)
    }
    expect(first.told.differs).toEqual([{ app: 'harbour', release: 1, scheduleIds: ['loads'] }])
  })

  test.each([undefined, 7])('of one release (%s) the definition that was seen last wins, and stays', async release => {
    const lab = new Lab()
    const config = release === undefined ? {} : { release }
    const old = await deploy(lab, [loads(1)], config)
    const newer = await deploy(lab, [loads(2)], config)
    expect(priorityIn(lab)).toBe(2)
    expect(newer.told.contested).toEqual([{ scheduleId: 'loads', release: release ?? 0 }])
    for (let restart = 0; restart < 3; restart++) {
      const again = await deploy(lab, [loads(1)], config)
      expect(priorityIn(lab)).toBe(2)
      expect(again.told.contested).toEqual([])
      expect(again.told.differs).toHaveLength(1)
      await lookOf([old, newer, again])
      await again.node.stop()
    }
    await old.node.stop()
    await newer.node.look()
    expect(priorityIn(lab)).toBe(2)
    expect(stateIn(lab).revision).toBe(2)
  })

  test('of one release the older one is written when no live process declares another, and says nothing of two', async () => {
    const lab = new Lab()
    const newer = await deploy(lab, [loads(1)])
    await newer.node.stop()
    const { told, node } = await deploy(lab, [loads(2)])
    expect([priorityIn(lab), told.contested]).toEqual([2, []])
    await node.stop()
    const back = await deploy(lab, [loads(1)])
    expect([priorityIn(lab), back.told.contested, back.told.differs]).toEqual([1, [], []])
  })

  test('of one release a process that waits writes as soon as the newer ones have gone: a rollback', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    const newer = await deploy(lab, [loads(2)])
    const back = await deploy(lab, [loads(1)])
    for (let looks = 0; looks < 3; looks++) await back.node.look()
    expect([priorityIn(lab), back.told.differs.length]).toEqual([2, 1])
    await newer.node.stop()
    await back.node.look()
    expect(priorityIn(lab)).toBe(1)
  })

  test('what an older one wrote and registered while the newer registered is found by a second look', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    await (await deploy(lab, [loads(2)])).node.stop()
    const old = nodeOf(lab, [loads(1)])
    const newer = nodeOf(lab, [loads(2)])
    const compared = Promise.withResolvers<void>()
    const registers = Promise.withResolvers<void>()
    const restore = tampered(old.node.store, 'readSchedules', read => async ids => {
      restore()
      const answer = await read(ids)
      const ends: boolean[] = []
      tampered(newer.node.store, 'writeRegistration', write => async (...args) => {
        // The first of the two says that it begins.
        if (ends.push(true) === 2) await (compared.resolve(), registers.promise)
        return write(...args)
      })
      void newer.node.start()
      await compared.promise
      return answer
    })
    await old.node.start()
    expect(priorityIn(lab)).toBe(1)
    registers.resolve()
    await turn()
    await newer.node.look()
    expect(priorityIn(lab)).toBe(2)
  })

  test('a process that was killed counts until it is declared lost', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    await deploy(lab, [loads(2)])
    const back = await deploy(lab, [loads(1)])
    await lab.outlast(back.node)
    await back.node.look()
    expect(priorityIn(lab)).toBe(1)
  })

  test('what an older one wrote as the newer came, before it died, is written over by a look of that', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    await (await deploy(lab, [loads(2)])).node.stop()
    const old = nodeOf(lab, [loads(1)])
    const newer = nodeOf(lab, [loads(2)])
    const restore = tampered(old.node.store, 'readSchedules', read => async ids => {
      restore()
      await newer.node.start()
      return read(ids)
    })
    // It dies as soon as it has written: its registration is never finished.
    const restoreEnd = tampered(old.node.store, 'writeSchedules', write => async writes => {
      await write(writes)
      restoreEnd()
      throw new Error('killed')
    })
    await expect(old.node.start()).rejects.toThrow('killed')
    expect(priorityIn(lab)).toBe(1)
    await lab.outlast(newer.node)
    await newer.node.look()
    expect(priorityIn(lab)).toBe(2)
  })

  test('what differs is said once for each change, and a look at what is settled is two reads', async () => {
    const lab = new Lab()
    const old = await deploy(lab, [loads(1)], { release: 1 })
    await deploy(lab, [loads(2)], { release: 2 })
    for (let looks = 0; looks < 5; looks++) await old.node.look()
    expect(old.told.differs).toHaveLength(1)
    const settled = await deploy(lab, [loads(2)], { release: 2 })
    const calls: string[] = []
    for (const method of ['readApp', 'readSchedules', 'listNodes', 'writeSchedules', 'listAside', 'readSets'] as const)
      tampered(
        settled.node.store,
        method,
        real =>
          (...args) => (calls.push(method), real(...args))
      )
    for (let looks = 0; looks < 2; looks++) await settled.node.look()
    calls.length = 0
    await settled.node.look()
    await settled.node.look()
    expect(calls).toEqual(['readApp', 'listNodes', 'readApp', 'listNodes'])
  })

  test('a worker that names a definition has a say: it lives, and its jobs come', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    await (await deploy(lab, [loads(2)])).node.stop()
    await lab.started({ tasks: [load], schedules: [loads(2)], roles: ['worker'], config: { name: 'harbour' } })
    const old = await deploy(lab, [loads(1)])
    expect([priorityIn(lab), old.told.differs.length]).toEqual([2, 1])
  })
})

describe('several apps on one database', () => {
  test("another app's id is refused, and told with both names; the rest of the app goes on", async () => {
    const lab = new Lab()
    await deploy(lab, [loads(1)])
    const other = schedule('other', { task: load, trigger: every('1h') })
    const shop = await deploy(lab, [loads(2), other], { name: 'shop', release: 9 })
    expect(stateIn(lab)).toMatchObject({ app: 'harbour', definition: { priority: 1 }, orphanedAt: undefined })
    expect(stateIn(lab, 'other').app).toBe('shop')
    expect(shop.told.refused).toEqual([{ scheduleId: 'loads', app: 'shop', owner: 'harbour' }])
    const again = await deploy(lab, [loads(2), other], { name: 'shop', release: 9 })
    expect(again.told.refused).toHaveLength(1)
    for (let looks = 0; looks < 3; looks++) await again.node.look()
    expect(again.told.refused).toHaveLength(1)
    expect(priorityIn(lab)).toBe(1)
  })

  test('they do not orphan each other, whichever starts last', async () => {
    const lab = new Lab()
    const others = [schedule('other', { task: load, trigger: every('1h') })]
    for (let turn = 0; turn < 2; turn++) {
      await (await deploy(lab, [loads()])).node.stop()
      await (await deploy(lab, others, { name: 'shop' })).node.stop()
    }
    expect([stateIn(lab).orphanedAt, stateIn(lab, 'other').orphanedAt]).toEqual([undefined, undefined])
  })

  test('what its owner removes is free at the next look', async () => {
    const lab = new Lab()
    const owner = await deploy(lab, [loads(1)])
    const shop = await deploy(lab, [loads(2)], { name: 'shop' })
    await owner.node.operator.remove('loads')
    await shop.node.look()
    expect(stateIn(lab)).toMatchObject({ app: 'shop', phase: 'active', definition: { priority: 2 } })
  })

  test('without a name nothing is orphaned, whatever the policy; what is left over is told', async () => {
    const lab = new Lab()
    await deploy(lab, [loads()], { name: 'default' })
    const other = schedule('other', { task: load, trigger: every('1h') })
    const second = await deploy(lab, [other], { name: 'default', orphans: 'remove' })
    expect(second.told.unnamed).toEqual([{ scheduleIds: ['loads'] }])
    expect(second.told.orphaned).toEqual([])
    lab.clock.set(START + 60 * MINUTE)
    await second.node.tendOrphans()
    expect(stateIn(lab)).toMatchObject({ phase: 'active', orphanedAt: undefined })
  })

  test('an app that gets a name takes its schedules over when its nameless processes have gone', async () => {
    const lab = new Lab()
    const nameless = await deploy(lab, [loads(1)], { name: 'default' })
    const named = await deploy(lab, [loads(1)])
    expect([stateIn(lab).app, named.told.refused.length]).toEqual(['default', 1])
    await nameless.node.stop()
    await named.node.look()
    expect(stateIn(lab)).toMatchObject({ app: 'harbour', phase: 'active' })
  })
})

describe('orphans', () => {
  test('are told at every start, with the policy', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads()])).node.stop()
    for (let start = 0; start < 3; start++) {
      const { told, node } = await deploy(lab, [])
      expect(told.orphaned).toEqual([{ app: 'harbour', scheduleIds: ['loads'], policy: 'keep' }])
      await node.stop()
    }
    const named = await deploy(lab, [loads()])
    expect([named.told.orphaned, stateIn(lab).orphanedAt]).toEqual([[], undefined])
  })

  test("a lower release takes no mark of a higher one's", async () => {
    const lab = new Lab()
    const old = await deploy(lab, [loads()], { release: 1 })
    await deploy(lab, [], { release: 2 })
    await deploy(lab, [loads()], { release: 1 })
    await old.node.look()
    expect(stateIn(lab).orphanedAt).toBe(START)
  })

  test('nor does an older deployment of the same release, while a newer one lives', async () => {
    const lab = new Lab()
    await deploy(lab, [loads()])
    const newer = await deploy(lab, [])
    const again = await deploy(lab, [loads()])
    await again.node.look()
    expect(stateIn(lab).orphanedAt).toBe(START)
    await newer.node.stop()
    await again.node.look()
    expect(stateIn(lab).orphanedAt).toBeUndefined()
  })

  test.each([
    ['pause', 'paused'],
    ['remove', 'removed']
  ] as const)('under %s no live process has named it for 10 minutes before it is %s', async (orphans, phase) => {
    const lab = new Lab()
    await (await deploy(lab, [loads()], { release: 1 })).node.stop()
    const { node } = await deploy(lab, [], { release: 2, orphans })
    lab.clock.set(START + 60 * MINUTE)
    const old = await deploy(lab, [loads()], { release: 1 })
    await node.tendOrphans()
    expect(stateIn(lab).phase).toBe('active')
    await old.node.stop()
    lab.clock.set(START + 70 * MINUTE - 1)
    await node.tendOrphans()
    expect(stateIn(lab).phase).toBe('active')
    lab.clock.set(START + 70 * MINUTE)
    await node.tendOrphans()
    expect(stateIn(lab)).toMatchObject({ phase, phaseBy: 'orphans' })
    const back = await deploy(lab, [loads()], { release: 1 })
    expect(stateIn(lab)).toMatchObject({ phase: 'active', phaseBy: undefined, orphanedAt: START })
    await back.node.stop()
  })

  test('one that a process which only works names goes on at the next look', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads()])).node.stop()
    const { node } = await deploy(lab, [], { orphans: 'pause' })
    const brought = heard(node.events, 'schedule.brought-back')
    lab.clock.set(START + 10 * MINUTE)
    await node.tendOrphans()
    expect(stateIn(lab).phase).toBe('paused')
    await lab.started({ tasks: [load], schedules: [loads()], roles: ['worker'], config: { name: 'harbour' } })
    await node.tendOrphans()
    expect([stateIn(lab).phase, brought]).toEqual(['active', [{ scheduleIds: ['loads'] }]])
  })

  test('one that is named while it is put aside goes on at once', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads()])).node.stop()
    const { node } = await deploy(lab, [], { orphans: 'pause' })
    lab.clock.set(START + 10 * MINUTE)
    const naming = nodeOf(lab, [loads()])
    const restore = tampered(node.store, 'writeSchedules', write => async writes => {
      restore()
      await naming.node.start()
      return write(writes)
    })
    await node.tendOrphans()
    expect(stateIn(lab).phase).toBe('active')
  })

  test("a lower release puts nothing aside, and a person's pause stays", async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads()], { release: 1 })).node.stop()
    await (await deploy(lab, [], { release: 3 })).node.stop()
    const lower = await deploy(lab, [], { release: 2, orphans: 'remove' })
    lab.clock.set(START + 60 * MINUTE)
    await lower.node.tendOrphans()
    expect(stateIn(lab).phase).toBe('active')
    await lower.node.operator.pause('loads')
    const higher = await deploy(lab, [], { release: 3, orphans: 'remove' })
    await higher.node.tendOrphans()
    await deploy(lab, [loads(5)], { release: 4 })
    expect(stateIn(lab)).toMatchObject({ phase: 'paused', phaseBy: 'operator', definition: { priority: 5 } })
  })
})

describe('removed by a person', () => {
  test('it returns with a restart of the same code, and not with a look of those that run', async () => {
    const lab = new Lab()
    const { node } = await deploy(lab, [loads()])
    await node.operator.remove('loads')
    await node.look()
    expect(stateIn(lab).phase).toBe('removed')
    const again = await deploy(lab, [loads()])
    expect(stateIn(lab)).toMatchObject({ phase: 'active', phaseBy: undefined })
    expect(again.told.keptRemoved).toEqual([])
  })

  test('for good, it stays, and every start says so, until it is removed without', async () => {
    const lab = new Lab()
    const { node } = await deploy(lab, [loads()])
    await node.operator.remove('loads', { forGood: true })
    for (let start = 0; start < 3; start++) {
      const { told } = await deploy(lab, [loads()])
      expect(told.keptRemoved).toEqual([{ app: 'harbour', scheduleIds: ['loads'] }])
    }
    await deploy(lab, [loads(3)], { release: 9 })
    expect(stateIn(lab).phase).toBe('removed')
    await expect(node.operator.remove('loads', { forGood: true })).rejects.toMatchObject({ code: 'schedule-unknown' })
    await node.operator.remove('loads')
    await expect(node.operator.remove('loads')).rejects.toMatchObject({ code: 'schedule-unknown' })
    await deploy(lab, [loads(3)], { release: 9 })
    expect(stateIn(lab)).toMatchObject({ phase: 'active', definition: { priority: 3 } })
  })
})
