import { describe, expect, test } from 'vitest'
import { schedule } from '../../src/core/schedule/declare.ts'
import { type AnyTask, task } from '../../src/core/job/task.ts'
import { every } from '../../src/core/trigger/every.ts'
import { nodesHere, runningOn, stopShared } from '../../src/runtime/running.ts'
import { resolveSettings } from '../../src/settings/resolve.ts'
import type { ManualNode } from '../../src/testing/manual-node.ts'
import { failing, heard, Lab, turn } from './lab.ts'

/** Books of a file that is never opened: only its name counts here. */
const books = (name: string) => ({ kind: 'sqlite', file: `/nowhere/${name}.db` }) as const

const older = task('load', { handler: () => 'older' })
const newer = task('load', { handler: () => 'newer' })
const settingsOf = (taken: AnyTask, id = 'loads', name = 'harbour') =>
  resolveSettings(
    { name, tasks: [taken], schedules: [schedule(id, { task: taken, trigger: every('1h') })], database: 'memory:' },
    {}
  )

/** Of those settings what a node by hand takes. */
function broughtBy(taken: typeof older) {
  const { tasks, schedules } = settingsOf(taken)
  return { tasks, schedules }
}

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

  test('what both declare is one set: nothing is orphaned or written anew, and every task is known', async () => {
    const lab = new Lab()
    const mail = task('mail', { handler: () => 'sent' })
    const start = async () => {
      const node = lab.node({ ...broughtBy(older), config: { name: 'harbour' } })
      const { start } = starting(node)
      return { node, start }
    }
    for (let round = 0; round < 3; round++) {
      const { node, start: begin } = await start()
      const first = await runningOn(books(`union-${round}`), settingsOf(older), begin)
      const second = await runningOn(books(`union-${round}`), settingsOf(mail, 'mails'), begin)
      const [alive] = (await node.store.listNodes()).filter(({ phase }) => phase === 'alive')
      expect(alive!.tasks).toEqual(['load', 'mail'])
      const ids = [...lab.books.schedules.values()].map(({ id, orphanedAt, revision }) => [id, orphanedAt, revision])
      expect(ids).toEqual([
        ['loads', undefined, 1],
        ['mails', undefined, 1]
      ])
      await node.look()
      await second.release(0)
      await first.release(0)
    }
  })

  test('two apps of one process have a set each', async () => {
    const lab = new Lab()
    const node = lab.node({ ...broughtBy(older), config: { name: 'harbour' } })
    const { start } = starting(node)
    const first = await runningOn(books('apps'), settingsOf(older), start)
    const second = await runningOn(books('apps'), settingsOf(newer, 'sales', 'shop'), start)
    expect((await node.store.listNodes())[0]!.declares.map(({ app }) => app)).toEqual(['harbour', 'shop'])
    expect([...lab.books.schedules.values()].map(({ id, app }) => [id, app])).toEqual([
      ['loads', 'harbour'],
      ['sales', 'shop']
    ])
    await second.release(0)
    const [alive] = await node.store.listNodes()
    expect(alive!.declares.map(({ app }) => app)).toEqual(['harbour'])
    await node.enqueuer.enqueue(older, null)
    await node.work()
    expect(lab.onlyJob.result).toBe('"older"')
    await first.release(0)
  })

  test('one whose start fails leaves nothing: neither a user nor tasks nor schedules', async () => {
    const lab = new Lab()
    const node = lab.node({ ...broughtBy(older), config: { name: 'harbour' } })
    const { seen, start } = starting(node)
    const first = await runningOn(books('leak'), settingsOf(older), start)
    failing(node.store, 'writeSchedules')
    const mail = task('mail', { handler: () => 'sent' })
    await expect(runningOn(books('leak'), settingsOf(mail, 'mails'), start)).rejects.toThrow('writeSchedules failed')
    expect((await node.store.listNodes())[0]!.tasks).toEqual(['load'])
    await first.release(0)
    expect(seen.ends).toBe(1)
  })

  test('one that comes as the last user lets go starts a node of its own', async () => {
    const lab = new Lab()
    const [one, other] = [starting(lab.node()), starting(lab.node())]
    const first = await runningOn(books('ending'), settingsOf(older), one.start)
    const coming = runningOn(books('ending'), settingsOf(older), other.start)
    await first.release(0)
    const second = await coming
    expect([one.seen.ends, other.seen.starts + one.seen.starts]).toEqual([1, 2])
    await second.release(0)
  })

  test('what a user still waits for is done before the books are closed, whoever stops the node', async () => {
    const lab = new Lab()
    const log: string[] = []
    const start = async () => {
      const { node } = lab.node()
      await node.begin()
      return { node, ended: async () => void log.push('closed') }
    }
    const gate = Promise.withResolvers<void>()
    const running = await runningOn(books('calls'), settingsOf(older), start)
    running.beforeEnd(async () => {
      await gate.promise
      log.push('answered')
    })
    const stopping = Promise.all(nodesHere().map(async shared => stopShared(await shared, 0)))
    await turn()
    expect(log).toEqual([])
    gate.resolve()
    await stopping
    await running.release(0)
    expect(log).toEqual(['answered', 'closed'])
  })

  test('the node ends with its last user', async () => {
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

  test('a user that has let go cannot hurry what others still hold', async () => {
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
