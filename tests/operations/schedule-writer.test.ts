import { newId } from '../../src/new-id.ts'
import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { callsOf } from '../../src/core/schedule/owners.ts'
import { every } from '../../src/core/trigger/every.ts'
import { type Redefinition, ScheduleWriter } from '../../src/operations/schedule-writer.ts'
import type { Store } from '../../src/store/store.ts'
import { readStatus } from '../../src/views/status.ts'
import { failing, Lab, START, tampered } from '../runtime/lab.ts'
import { deploy, load, lookOf, MINUTE, stateIn } from '../runtime/schedules/deployments.ts'

const order = (minutes = 1, id = 'loads') => ({
  id,
  definition: schedule(id, { task: load, trigger: every(minutes * MINUTE) }).define({})
})
const writerOn = (store: Store) =>
  new ScheduleWriter({ store, timezoneData: '2026a', nodeId: () => 'the-web-process', newId })
const outcomes = (lab: Lab): string[] => (lab.books.ledgers.get('loads')?.items ?? []).map(row => row.outcome)

async function put(lab: Lab, minutes = 1, { id = 'loads', app = 'harbour', store = lab.store() } = {}) {
  const [answer] = await writerOn(store).put(app, [order(minutes, id)])
  return answer!
}

describe('a schedule that a call puts', () => {
  test('fires, and what was due before a change fires under the old definition', async () => {
    const lab = new Lab()
    const node = await lab.started({ tasks: [load] })
    await put(lab)
    lab.clock.set(START + MINUTE)
    expect(await put(lab, 60)).toMatchObject({ outcome: 'changed', nextFireAt: new Date(START + 60 * MINUTE) })
    expect(outcomes(lab)).toEqual(['fired'])
    await node.work()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', fireAt: START + MINUTE })
    lab.clock.set(START + 60 * MINUTE)
    await node.tick()
    expect(outcomes(lab)).toEqual(['fired', 'fired'])
  })

  test('is put once, though the answer was lost and the call is repeated', async () => {
    const lab = new Lab()
    const store = lab.store()
    failing(store, 'writeSchedules', { after: true })
    await expect(put(lab, 1, { store })).rejects.toThrow('writeSchedules failed')
    expect(await put(lab, 1, { store })).toMatchObject({ outcome: 'unchanged' })
    expect(stateIn(lab).revision).toBe(1)
  })

  test('is read again when somebody else wrote meanwhile; the last call wins', async () => {
    const lab = new Lab()
    const store = lab.store()
    const restore = tampered(store, 'readSchedules', read => async ids => {
      restore()
      const answer = await read(ids)
      await put(lab, 5)
      return answer
    })
    expect(await put(lab, 7, { store })).toMatchObject({ outcome: 'changed' })
    expect(stateIn(lab)).toMatchObject({ revision: 2, definition: { trigger: { everyMs: 7 * MINUTE } } })
  })

  test('gives up when it changes without end, and the others are put', async () => {
    const lab = new Lab()
    const store = lab.store()
    tampered(
      store,
      'writeSchedules',
      write =>
        async (...[writes]) =>
          Promise.all(
            (writes as Parameters<Store['writeSchedules']>[0]).map(async each =>
              each.state.id === 'loads' ? 'conflict' : ((await write([each])) as string[])[0]
            )
          )
    )
    const answers = await writerOn(store).put('harbour', [order(1), order(1, 'other')])
    expect(answers).toMatchObject([{ code: 'store-busy' }, { id: 'other', outcome: 'created' }])
  })

  test('an update is read again too, from what is there then', async () => {
    const lab = new Lab()
    await put(lab)
    const store = lab.store()
    const seen: number[] = []
    const other: Redefinition = { change: async each => ({ ...each, priority: 3 }) }
    const change: Redefinition['change'] = async before => {
      seen.push(before.priority)
      if (seen.length === 1) await writerOn(lab.store()).update('harbour', 'loads', other)
      return { ...before, maxInstances: 9 }
    }
    const answer = await writerOn(store).update('harbour', 'loads', { change })
    expect([answer.outcome, seen]).toEqual(['changed', [0, 3]])
    expect(stateIn(lab).definition).toMatchObject({ priority: 3, maxInstances: 9 })
  })
})

describe('beside deployments', () => {
  test('is no orphan, whatever the policy, however long no code names it', async () => {
    const lab = new Lab()
    const { node, emitted } = await deploy(lab, [], { orphans: 'remove', release: 3 })
    await put(lab)
    for (let minutes = 1; minutes <= 30; minutes++) {
      lab.clock.set(START + minutes * MINUTE)
      await node.renew()
      await node.tendOrphans()
    }
    await deploy(lab, [], { orphans: 'remove', release: 4 })
    expect(emitted.orphaned).toEqual([])
    expect(stateIn(lab)).toMatchObject({ phase: 'active', orphanedAt: undefined, app: callsOf('harbour') })
  })

  test('code that names its id is refused and told whose it is; once it is removed, code has it', async () => {
    const lab = new Lab()
    await put(lab, 5)
    const own = schedule('loads', { task: load, trigger: every('1m'), runAtStart: true })
    const deployed = await deploy(lab, [own], { release: 9 })
    const refused = { scheduleId: 'loads', app: 'harbour', owner: 'harbour', ownedBy: 'calls' }
    expect(deployed.emitted.refused).toEqual([refused])
    expect(stateIn(lab)).toMatchObject({ revision: 1, definition: { trigger: { everyMs: 5 * MINUTE } } })
    expect(lab.books.jobs.size).toBe(0)
    expect((await readStatus(lab.store())).owners.refused).toEqual([refused])
    await deployed.node.operator.remove('loads')
    await lookOf([deployed])
    expect(stateIn(lab)).toMatchObject({ app: 'harbour', release: 9, definition: { trigger: { everyMs: MINUTE } } })
    expect(await put(lab)).toMatchObject({ code: 'schedule-refused' })
  })

  test('a task that no live node knows leaves its jobs waiting, and is shown', async () => {
    const lab = new Lab()
    const node = await lab.started({ roles: ['scheduler'] })
    await put(lab)
    lab.clock.set(START + MINUTE)
    await node.tick()
    expect((await readStatus(lab.store())).unknownTasks).toEqual([{ task: 'load', waiting: 1 }])
  })
})
