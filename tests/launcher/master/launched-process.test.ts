import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LaunchedProcess } from '../../../src/launcher/master/launched-process.ts'
import type { Assignment, ToMaster } from '../../../src/launcher/protocol.ts'
import { ManualClock } from '../../../src/testing/manual-clock.ts'
import { settled } from './held-process.ts'

const graces = { shutdownGraceMs: 10_000, abortGraceMs: 5_000 }

/** A process that has been assigned its task, and the means to wait for what it says next. */
async function launched(name: 'prompt' | 'late' | 'waiting') {
  const clock = new ManualClock()
  const said: ToMaster[] = []
  let heard = Promise.withResolvers<void>()
  const child = new LaunchedProcess({
    file: join(import.meta.dirname, 'speaking-process.ts'),
    name,
    assignment: { kind: 'inspect', options: {} } satisfies Assignment,
    graces,
    readyWithinMs: 30_000,
    env: {},
    prefix: '',
    clock,
    out: () => undefined,
    err: () => undefined,
    onMessage: message => {
      said.push(message)
      heard.resolve()
      heard = Promise.withResolvers()
    }
  })
  onTestFinished(() => child.stop('kill'))
  const until = async (type: ToMaster['type'], count: number): Promise<void> => {
    while (said.filter(message => message.type === type).length < count) await heard.promise
  }
  await until('recycle', 1)
  /** The orders that it has heard of, when it has spoken of so many. */
  const orders = async (count: number): Promise<unknown> => {
    await until('waits', count)
    const [latest] = said.filter(message => message.type === 'waits').slice(count - 1)
    return JSON.parse(latest?.reason ?? '')
  }
  return { child, clock, orders }
}

describe('a process that is told to stop', () => {
  test('hears the same order once; a successor that goes too, and more haste, are news', async () => {
    const { child, orders } = await launched('prompt')
    child.stop('graceful', { hasSuccessor: true })
    child.stop('graceful', { hasSuccessor: true })
    child.stop('graceful')
    child.stop('graceful')
    expect(await orders(2)).toEqual([
      { haste: 'graceful', hasSuccessor: true },
      { haste: 'graceful', hasSuccessor: false }
    ])
    child.stop('now')
    expect(await child.ended).toMatchObject({ code: 0 })
    child.stop('kill')
    expect(child.wasKilled).toBe(false)
  })

  test('is killed after its grace, which the same order again does not lengthen', async () => {
    const { child, clock, orders } = await launched('prompt')
    child.stop('graceful')
    await orders(1)
    await clock.advance(15_000)
    child.stop('graceful')
    await clock.advance(4_999)
    expect(child.wasKilled).toBe(false)
    await clock.advance(1)
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
    expect(child.wasKilled).toBe(true)
  })

  test('is not ready any more, whatever it says', async () => {
    const { child, orders } = await launched('late')
    let isReady = false
    void child.ready.then(() => (isReady = true))
    child.stop('graceful')
    await orders(1)
    await settled()
    expect({ isReady, said: child.isReady }).toEqual({ isReady: false, said: false })
  })
})

test('a process that is not ready in time is asked to end before it is killed', async () => {
  const { child, clock, orders } = await launched('prompt')
  await clock.advance(30_000)
  expect(child.failure).toMatchObject({ code: 'not-ready' })
  expect(await orders(1)).toEqual([{ haste: 'hasty', hasSuccessor: false }])
  await clock.advance(10_000)
  expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
})

test('no clock runs against a process that waits for its books', async () => {
  const { child, clock, orders } = await launched('waiting')
  await clock.advance(3_600_000)
  child.stop('now')
  expect(await orders(2)).toEqual([{ haste: 'now', hasSuccessor: false }])
})
