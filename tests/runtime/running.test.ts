import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/declare.ts'
import { task } from '../../src/core/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { runningOn } from '../../src/runtime/running.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { ManualNode } from '../../src/testing/manual-node.ts'
import { heard, Lab } from './lab.ts'

/** Books of a file that is never opened: only its name counts here. */
const books = (name: string) => ({ kind: 'sqlite', file: `/nowhere/${name}.db` }) as const

const older = task('load', { handler: () => 'older' })
const newer = task('load', { handler: () => 'newer' })
const settingsOf = (taken: typeof older) =>
  resolveSettings(
    { tasks: [taken], schedules: [schedule('loads', { task: taken, trigger: every('1h') })], database: 'memory:' },
    {}
  )

function starting(node: ManualNode) {
  const seen = { starts: 0, ends: 0 }
  const start = async () => {
    seen.starts++
    await node.start()
    return { node: node.node, ended: async () => void seen.ends++ }
  }
  return { seen, start }
}

describe('a second Escapement on the same books of one process', () => {
  test('starts nothing: the running node takes over its tasks and schedules', async () => {
    const lab = new Lab()
    const node = lab.node({ tasks: [older] })
    const joined = heard(node.events, 'node.joined-by-second')
    const { seen, start } = starting(node)
    const first = await runningOn(books('adopt'), settingsOf(older), start)
    const second = await runningOn(books('adopt'), settingsOf(newer), start)
    expect(seen.starts).toBe(1)
    expect(joined).toMatchObject([{ tasks: ['load'], schedules: ['loads'] }])
    expect(lab.books.schedules.has('loads')).toBe(true)
    await node.enqueuer.enqueue(newer, null)
    await node.work()
    expect(lab.onlyJob.result).toBe('"newer"')
    await first.release(0)
    await second.release(0)
  })

  test('the node ends with its last holder', async () => {
    const lab = new Lab()
    const node = lab.node()
    const { seen, start } = starting(node)
    const stopped = heard(node.events, 'node.stopped')
    const first = await runningOn(books('last'), settingsOf(older), start)
    const second = await runningOn(books('last'), settingsOf(older), start)
    await first.release(0)
    expect([stopped.length, seen.ends]).toEqual([0, 0])
    await second.release(0)
    expect([stopped.length, seen.ends]).toEqual([1, 1])
  })

  test('a holder that has let go cannot hurry what others still hold', async () => {
    const lab = new Lab()
    const node = lab.node()
    const { start } = starting(node)
    const stopped = heard(node.events, 'node.stopped')
    const first = await runningOn(books('hurry'), settingsOf(older), start)
    const second = await runningOn(books('hurry'), settingsOf(older), start)
    await first.release(0)
    first.hurry()
    await lab.clock.advance(60_000)
    expect(stopped).toEqual([])
    await second.release(0)
    expect(stopped).toHaveLength(1)
  })

  test('comes to no good with a start that failed, but the next one does', async () => {
    const lab = new Lab()
    const failingStart = () => Promise.reject(new Error('no books'))
    await expect(runningOn(books('failed'), settingsOf(older), failingStart)).rejects.toThrow('no books')
    const { seen, start } = starting(lab.node())
    await (await runningOn(books('failed'), settingsOf(older), start)).release(0)
    expect(seen).toEqual({ starts: 1, ends: 1 })
  })
})

test('books in memory are never shared', async () => {
  const lab = new Lab()
  const [first, second] = [starting(lab.node()), starting(lab.node())]
  const running = [
    await runningOn({ kind: 'memory' }, settingsOf(older), first.start),
    await runningOn({ kind: 'memory' }, settingsOf(older), second.start)
  ]
  expect([first.seen.starts, second.seen.starts]).toEqual([1, 1])
  for (const held of running) await held.release(0)
})
