import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { ABORT_GRACE_MS, failing, heard, Lab, LEASE_TTL_MS, RENEW_EVERY_MS, tampered, turn } from './lab.ts'

const GRACE_MS = 10_000
const never = new Promise<never>(() => undefined)

/** A node in the middle of a job that ends when a test says so, whatever its signal does. */
async function atWork(lab: Lab, delivery: 'at-least-once' | 'at-most-once' = 'at-least-once') {
  const gate = Promise.withResolvers<void>()
  const load = task('load', { delivery, handler: () => gate.promise })
  const node = await lab.started({ tasks: [load] })
  const { id } = await node.enqueuer.enqueue(load, null)
  await node.claim()
  await node.settle()
  return { node, load, id, gate }
}

const phases = (lab: Lab): string[] => [...lab.books.nodes.values()].map(({ phase }) => phase)

describe('a node that retires', () => {
  test('claims nothing more and resigns, at once; what runs goes on, and may ask for more', async () => {
    const lab = new Lab()
    const { node, load, id, gate } = await atWork(lab)
    const retired = heard(node.events, 'node.retired')
    let resigned = 0
    node.node.beforeStop(async () => void resigned++)
    const retiring = node.node.retire()
    expect({ resigned, retired }).toMatchObject({ resigned: 1, retired: [{ running: 1 }] })
    const later = await node.enqueuer.enqueue(load, null)
    await node.claim()
    gate.resolve()
    await turn()
    await node.settle()
    await retiring
    expect([lab.job(id).state, lab.job(later.id).state]).toEqual(['completed', 'available'])
    expect(phases(lab)).toEqual(['alive'])
    await node.stop(GRACE_MS)
    expect({ resigned, retired: retired.length, phases: phases(lab) }).toEqual({
      resigned: 1,
      retired: 1,
      phases: ['left']
    })
  })

  test('claims nothing either after it had to join anew', async () => {
    const lab = new Lab()
    const load = task('load', { handler: () => undefined })
    const node = await lab.started({ tasks: [load] })
    await node.node.retire()
    failing(node.store, 'renew', { times: 10 })
    await lab.clock.advance(LEASE_TTL_MS)
    await turn()
    await node.renew().catch(() => undefined)
    const { id } = await node.enqueuer.enqueue(load, null)
    await node.claim()
    expect(lab.job(id).state).toBe('available')
    await node.stop(GRACE_MS)
  })

  test('resigns from what it is told of later, too', async () => {
    const lab = new Lab()
    const node = await lab.started()
    void node.node.retire()
    let resigned = 0
    node.node.beforeStop(async () => void resigned++)
    expect(resigned).toBe(1)
    await node.stop(GRACE_MS)
  })
})

describe('a stop ends by itself, although', () => {
  /** Longer than all that it may wait for. */
  const LONG_MS = GRACE_MS + LEASE_TTL_MS + 5 * ABORT_GRACE_MS

  /** A node whose loops go on by themselves, in the middle of a job. */
  async function goingOn(lab: Lab) {
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const handler = (): Promise<void> => {
      begun.resolve()
      return gate.promise
    }
    const load = task('load', { handler })
    const node = lab.node({ tasks: [load] })
    const { id } = await node.enqueuer.enqueue(load, null)
    await node.node.start()
    await lab.clock.advance(0)
    await begun.promise
    return { node, id, gate }
  }

  test('a claim is never answered: handlers have their whole grace', async () => {
    const lab = new Lab()
    const { node, id, gate } = await goingOn(lab)
    tampered(node.store, 'claim', () => () => never)
    node.node.wake()
    await turn()
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS - 1)
    gate.resolve()
    await lab.clock.advance(LONG_MS)
    await stopping
    expect(lab.job(id)).toMatchObject({ state: 'completed' })
  })

  test.each(['leave', 'settle', 'renew'] as const)('the books never answer to: %s', async method => {
    const lab = new Lab()
    const { node, gate } = await goingOn(lab)
    tampered(node.store, method, () => () => never)
    // A renewal is on its way.
    if (method === 'renew') await lab.clock.advance(RENEW_EVERY_MS)
    const stopping = node.stop(GRACE_MS)
    gate.resolve()
    await lab.clock.advance(LONG_MS)
    await stopping
  })

  test('a seat cannot be resigned from, and says so never', async () => {
    const lab = new Lab()
    const { node, gate } = await goingOn(lab)
    node.node.beforeStop(() => never)
    const stopping = node.stop(GRACE_MS)
    gate.resolve()
    await lab.clock.advance(LONG_MS)
    await stopping
    expect(phases(lab)).toEqual(['left'])
  })
})

describe('a handler that ends with its process, deaf to its signal,', () => {
  test('has its job given back uncharged, after the app was heard', async () => {
    const lab = new Lab()
    const { node, id } = await atWork(lab)
    const states: string[] = []
    node.node.endsWithProcess(async () => void states.push(lab.job(id).state))
    tampered(node.store, 'settle', real => async (...args) => {
      states.push(...phases(lab))
      return real(...args)
    })
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS)
    await node.renew()
    await lab.clock.advance(ABORT_GRACE_MS)
    await node.settle()
    await stopping
    expect(states).toEqual(['running', 'left'])
    expect(lab.job(id)).toMatchObject({ state: 'available', failures: 0, rescues: 0 })
    expect(phases(lab)).toEqual(['left'])
  })

  test('is not begun again where it may run once only: its job stays with the node, which has left', async () => {
    const lab = new Lab()
    const { node, id } = await atWork(lab, 'at-most-once')
    node.node.endsWithProcess(async () => undefined)
    const stopping = node.stop(GRACE_MS)
    await lab.clock.advance(GRACE_MS)
    await node.renew()
    await lab.clock.advance(ABORT_GRACE_MS)
    await node.settle()
    await stopping
    expect(lab.job(id)).toMatchObject({ state: 'running' })
    expect(phases(lab)).toEqual(['left'])
  })
})

test('a start that fails behind its joining leaves', async () => {
  const lab = new Lab()
  const load = task('load', { handler: () => undefined })
  const node = lab.node({ schedules: [schedule('hourly', { task: load, trigger: every('1h') })] })
  failing(node.store, 'readSchedules')
  await expect(node.start()).rejects.toThrow('readSchedules failed')
  expect(phases(lab)).toEqual(['left'])
})
