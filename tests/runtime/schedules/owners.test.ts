import { describe, expect, test } from 'vitest'
import { schedule } from '../../../src/core/schedule/declare.ts'
import { every } from '../../../src/core/trigger/every.ts'
import { deploy, load, loads, lookOf, MINUTE, nodeOf, priorityIn, stateIn } from './deployments.ts'
import { Lab, START, tampered, turn } from '../lab.ts'

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
    expect(first.emitted.differs).toEqual([{ app: 'harbour', release: 1, scheduleIds: ['loads'] }])
  })

  test.each([undefined, 7])('of one release (%s) the definition that was seen last wins, and stays', async release => {
    const lab = new Lab()
    const config = release === undefined ? {} : { release }
    const old = await deploy(lab, [loads(1)], config)
    const newer = await deploy(lab, [loads(2)], config)
    expect(priorityIn(lab)).toBe(2)
    expect(newer.emitted.contested).toEqual([{ scheduleId: 'loads', release: release ?? 0 }])
    for (let restart = 0; restart < 3; restart++) {
      const again = await deploy(lab, [loads(1)], config)
      expect(priorityIn(lab)).toBe(2)
      expect(again.emitted.contested).toEqual([])
      expect(again.emitted.differs).toHaveLength(1)
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
    const { emitted, node } = await deploy(lab, [loads(2)])
    expect([priorityIn(lab), emitted.contested]).toEqual([2, []])
    await node.stop()
    const back = await deploy(lab, [loads(1)])
    expect([priorityIn(lab), back.emitted.contested, back.emitted.differs]).toEqual([1, [], []])
  })

  test('of one release a process that waits writes as soon as the newer ones have gone: a rollback', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads(1)])).node.stop()
    const newer = await deploy(lab, [loads(2)])
    const back = await deploy(lab, [loads(1)])
    for (let looks = 0; looks < 3; looks++) await back.node.look()
    expect([priorityIn(lab), back.emitted.differs.length]).toEqual([2, 1])
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
      for (let looks = 0; looks < 2; looks++) await newer.node.look()
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
    const again = await deploy(lab, [loads(1)])
    await lab.outlast(newer.node, [again.node])
    await newer.node.look()
    expect(priorityIn(lab)).toBe(2)
  })

  test('what differs is said once for each change, and a look at what is settled is two reads', async () => {
    const lab = new Lab()
    const old = await deploy(lab, [loads(1)], { release: 1 })
    await deploy(lab, [loads(2)], { release: 2 })
    for (let looks = 0; looks < 5; looks++) await old.node.look()
    expect(old.emitted.differs).toHaveLength(1)
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
    expect([priorityIn(lab), old.emitted.differs.length]).toEqual([2, 1])
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
    expect(shop.emitted.refused).toEqual([{ scheduleId: 'loads', app: 'shop', owner: 'harbour', ownedBy: 'code' }])
    const again = await deploy(lab, [loads(2), other], { name: 'shop', release: 9 })
    expect(again.emitted.refused).toHaveLength(1)
    for (let looks = 0; looks < 3; looks++) await again.node.look()
    expect(again.emitted.refused).toHaveLength(1)
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
    expect(second.emitted.unnamed).toEqual([{ scheduleIds: ['loads'] }])
    expect(second.emitted.orphaned).toEqual([])
    lab.clock.set(START + 60 * MINUTE)
    await second.node.tendOrphans()
    expect(stateIn(lab)).toMatchObject({ phase: 'active', orphanedAt: undefined })
  })

  test('an app that gets a name takes its schedules over when its nameless processes have gone', async () => {
    const lab = new Lab()
    const nameless = await deploy(lab, [loads(1)], { name: 'default' })
    const named = await deploy(lab, [loads(1)])
    expect([stateIn(lab).app, named.emitted.refused.length]).toEqual(['default', 1])
    await nameless.node.stop()
    await named.node.look()
    expect(stateIn(lab)).toMatchObject({ app: 'harbour', phase: 'active' })
  })
})
