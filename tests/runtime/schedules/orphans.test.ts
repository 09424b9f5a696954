import { describe, expect, test } from 'vitest'
import { deploy, load, loads, MINUTE, nodeOf, stateIn } from './deployments.ts'
import { heard, Lab, START, tampered } from '../lab.ts'

describe('orphans', () => {
  test('are told at every start, with the policy', async () => {
    const lab = new Lab()
    await (await deploy(lab, [loads()])).node.stop()
    for (let start = 0; start < 3; start++) {
      const { emitted, node } = await deploy(lab, [])
      expect(emitted.orphaned).toEqual([{ app: 'harbour', scheduleIds: ['loads'], policy: 'keep' }])
      await node.stop()
    }
    const named = await deploy(lab, [loads()])
    expect([named.emitted.orphaned, stateIn(lab).orphanedAt]).toEqual([[], undefined])
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
    expect(again.emitted.keptRemoved).toEqual([])
  })

  test('for good, it stays, and every start says so, until it is removed without', async () => {
    const lab = new Lab()
    const { node } = await deploy(lab, [loads()])
    await node.operator.remove('loads', { forGood: true })
    for (let start = 0; start < 3; start++) {
      const { emitted } = await deploy(lab, [loads()])
      expect(emitted.keptRemoved).toEqual([{ app: 'harbour', scheduleIds: ['loads'] }])
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
