import { describe, expect, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import type { ManualNode } from '../../../src/testing/manual-node.ts'
import { heard, Lab, LEASE_TTL_MS, RENEW_EVERY_MS, tampered, turn, withheld } from '../lab.ts'

const idOf = (node: ManualNode): string => node.node.membership.id
const phaseOf = (lab: Lab, node: ManualNode): string | undefined => lab.books.nodes.get(idOf(node))?.phase

/** The watcher looks at these instants, and renews its own lease on the way. */
async function watchAt(lab: Lab, watcher: ManualNode, seconds: readonly number[]): Promise<void> {
  const startedAt = lab.clock.now()
  for (const second of seconds) {
    lab.clock.set(startedAt + second * 1_000)
    await watcher.sweep()
  }
}

describe('an observer', () => {
  test('declares a node lost whose counter stands still for a TTL, and no earlier', async () => {
    const lab = new Lab()
    const [dying, watcher] = [await lab.started(), await lab.started()]
    await watchAt(lab, watcher, [0, 5, 10, 14.999])
    expect(phaseOf(lab, dying)).toBe('alive')
    const declared = heard(watcher.events, 'node.declared-lost')
    await watchAt(lab, watcher, [0.001])
    expect(phaseOf(lab, dying)).toBe('lost')
    expect(declared.map(fact => fact.nodeId)).toContain(idOf(dying))
  })

  test('that was frozen itself has seen nothing meanwhile', async () => {
    const lab = new Lab()
    const [dying, watcher] = [await lab.started(), await lab.started()]
    await watchAt(lab, watcher, [0, 3_600])
    expect(phaseOf(lab, dying)).toBe('alive')
    await watchAt(lab, watcher, [5, 10, 14])
    expect(phaseOf(lab, dying)).toBe('alive')
    await watchAt(lab, watcher, [1])
    expect(phaseOf(lab, dying)).toBe('lost')
  })

  test('leaves a node alone that renews, however slowly', async () => {
    const lab = new Lab()
    const [slow, watcher] = [await lab.started(), await lab.started()]
    for (let round = 0; round < 6; round++) {
      await watchAt(lab, watcher, [5, 10])
      await slow.store.renew(idOf(slow))
    }
    expect(phaseOf(lab, slow)).toBe('alive')
  })

  test('does not declare a node lost that has renewed since it looked', async () => {
    const lab = new Lab()
    const [slow, watcher] = [await lab.started(), await lab.started()]
    await watchAt(lab, watcher, [0, 5, 10])
    const restore = tampered(watcher.store, 'listNodes', listNodes => async () => {
      restore()
      const nodes = await listNodes()
      await slow.store.renew(idOf(slow))
      return nodes
    })
    await watchAt(lab, watcher, [5])
    expect(phaseOf(lab, slow)).toBe('alive')
  })

  test('a wall clock that jumps changes nothing', async () => {
    const lab = new Lab()
    const [alive, watcher] = [await lab.started(), await lab.started()]
    await watchAt(lab, watcher, [0, 5])
    lab.clock.jump(86_400_000)
    await watcher.sweep()
    lab.clock.jump(-2 * 86_400_000)
    await watcher.sweep()
    expect(phaseOf(lab, alive)).toBe('alive')
  })
})

describe('a rescue', () => {
  test('frees the jobs of whatever node is not alive, also one that nobody has heard of', async () => {
    const lab = new Lab()
    const load = task('load', { handler: () => undefined })
    const node = await lab.started({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    const request = { tasks: ['load'], queues: undefined, limit: 1, mayTakeSolo: false }
    await node.store.claim({ ...request, node: 'never heard of' })
    const rescued = heard(node.events, 'job.rescued')
    expect(await node.sweep()).toBe(1)
    expect(rescued).toMatchObject([{ jobId: id, fromNode: 'never heard of', state: 'available' }])
  })

  test('fences off the zombie: what it reports later changes nothing', async () => {
    const lab = new Lab()
    const gate = Promise.withResolvers<string>()
    let runs = 0
    const load = task('load', { handler: () => (runs++ === 0 ? gate.promise : 'by the second') })
    const [zombie, other] = [await lab.started({ tasks: [load] }), await lab.started({ tasks: [load] })]
    const stale = heard(zombie.events, 'job.stale')
    await zombie.enqueuer.enqueue(load, null)
    await zombie.claim()
    await lab.outlast(other)
    await other.work()
    gate.resolve('by the zombie')
    await turn()
    await zombie.settle()
    expect(lab.onlyJob).toMatchObject({ state: 'completed', result: '"by the second"', failures: 0 })
    expect(stale).toMatchObject([{ outcome: 'completed' }])
  })

  test('an identity that was declared lost is never revived', async () => {
    const lab = new Lab()
    const [zombie, other] = [await lab.started(), await lab.started()]
    const oldId = idOf(zombie)
    await lab.outlast(other)
    await zombie.renew()
    await zombie.renew()
    expect(idOf(zombie)).not.toBe(oldId)
    expect(lab.books.nodes.get(oldId)?.phase).toBe('lost')
    expect(phaseOf(lab, zombie)).toBe('alive')
  })
})

describe('a job that was rescued once', () => {
  const never = (): Promise<never> => Promise.withResolvers<never>().promise

  async function oneSoloJob(lab: Lab) {
    const gates = new Map<unknown, PromiseWithResolvers<void>>()
    const load = task('load', {
      handler: ({ payload, fence }) => {
        if (payload === 'solo' && fence === 1) return never()
        const gate = Promise.withResolvers<void>()
        gates.set(payload, gate)
        return gate.promise
      }
    })
    const [dying, other] = [await lab.started({ tasks: [load] }), await lab.started({ tasks: [load] })]
    const solo = await dying.enqueuer.enqueue(load, 'solo')
    await dying.claim()
    const end = async (payload: string): Promise<void> => {
      gates.get(payload)?.resolve()
      await turn()
      await other.settle()
    }
    return { load, other, solo, end }
  }

  test('is not taken by a node that runs something else', async () => {
    const lab = new Lab()
    const { load, other, solo, end } = await oneSoloJob(lab)
    const neighbour = await other.enqueuer.enqueue(load, 'neighbour')
    await other.claim()
    expect(lab.job(neighbour.id).state).toBe('running')
    await lab.outlast(other)
    await other.claim()
    expect(lab.job(solo.id)).toMatchObject({ state: 'available', rescues: 1 })
    await end('neighbour')
    await other.claim()
    expect(lab.job(solo.id).state).toBe('running')
    await end('solo')
    expect(lab.job(solo.id).state).toBe('completed')
  })

  test('runs alone: nothing is claimed beside it until its report is written', async () => {
    const lab = new Lab()
    const { load, other, solo, end } = await oneSoloJob(lab)
    await lab.outlast(other)
    await other.claim()
    const neighbour = await other.enqueuer.enqueue(load, 'neighbour')
    await other.claim()
    expect(lab.job(solo.id).state).toBe('running')
    expect(lab.job(neighbour.id).state).toBe('available')
    await end('solo')
    await other.claim()
    expect(lab.job(neighbour.id).state).toBe('running')
    await end('neighbour')
  })

  test('is awaited alone, too: no other claim goes out before the one that may bring it is answered', async () => {
    const lab = new Lab()
    const { load, other, solo, end } = await oneSoloJob(lab)
    await lab.outlast(other)
    const claim = withheld(other.store, 'claim')
    const claiming = other.claim()
    const neighbour = await other.enqueuer.enqueue(load, 'neighbour')
    await other.claim()
    expect(lab.job(neighbour.id).state).toBe('available')
    claim.letGo()
    await claiming
    expect(lab.job(solo.id).state).toBe('running')
    await end('solo')
  })

  test('makes a busy node hold back after a while, so that it gets its turn', async () => {
    const lab = new Lab()
    const { load, other, solo, end } = await oneSoloJob(lab)
    await other.enqueuer.enqueue(load, 'neighbour')
    await other.claim()
    await lab.outlast(other)
    await other.claim()
    const next = await other.enqueuer.enqueue(load, 'next')
    await other.claim()
    expect(lab.job(next.id).state).toBe('available')
    await end('neighbour')
    await other.claim()
    expect(lab.job(solo.id).state).toBe('running')
    expect(lab.job(next.id).state).toBe('available')
    await end('solo')
  })

  test('is discarded as poison when it has died alone three times, and not before', async () => {
    const lab = new Lab()
    const load = task('load', { handler: never })
    const watcher = await lab.started({ roles: ['scheduler'] })
    const { id } = await watcher.enqueuer.enqueue(load, null)
    const states: string[] = []
    for (let death = 0; death < 4; death++) {
      await (await lab.started({ tasks: [load] })).claim()
      expect(lab.job(id).state).toBe('running')
      await lab.outlast(watcher)
      await watcher.sweep()
      states.push(lab.job(id).state)
    }
    expect(states).toEqual(['available', 'available', 'available', 'discarded'])
    expect(lab.job(id)).toMatchObject({ rescues: 4, failures: 0, errors: [{ code: 'poison' }] })
  })
})

test('the figures of the lab are the defaults', () => {
  expect(LEASE_TTL_MS).toBe(3 * RENEW_EVERY_MS)
})
