import { expect, onTestFinished, test } from 'vitest'
import { task } from '../../../src/core/job/task.ts'
import { createEscapement } from '../../../src/index.ts'
import { channel } from '../../../src/core/alerts/channel.ts'
import { failing, heard, tampered, withheld } from '../lab.ts'
import { Cluster, rests } from './cluster.ts'

const ghost = task('ghost', { handler: () => undefined })
const MINUTE = 60_000

/** A cluster in which a job waits that no process knows. */
async function haunted(cluster = new Cluster()): Promise<Cluster> {
  const node = await cluster.node({ tasks: [] })
  await node.enqueuer.enqueue(ghost, null)
  return cluster
}

test('a process that dies between sending and marking leads to a second notice under the same key', async () => {
  const cluster = await haunted()
  for (const { store } of cluster.watchers) failing(store, 'settleNotice', { times: 1 })
  const looks: Promise<unknown>[] = []
  for (const { watch } of cluster.watchers) {
    const step = watch.step.bind(watch)
    watch.step = () => {
      const stepping = step().catch(() => 0)
      looks.push(stepping)
      return stepping
    }
  }
  await cluster.pass(5 * MINUTE, rests)
  await Promise.all(looks)
  expect(cluster.told.slice(0, 2)).toEqual(['unknown-task ghost', 'unknown-task ghost'])
  expect(new Set(cluster.keys).size).toBe(1)
  expect(cluster.keys[0]).toBe(`the-books/${cluster.sent[0]!.id}`)
})

test('who was paused between looking and writing writes nothing, and tells nothing', async () => {
  const cluster = new Cluster({}, 2)
  await haunted(cluster)
  await cluster.pass(MINUTE, rests)
  const { watch, store } = cluster.watchers[0]!
  const paused = withheld(store, 'readIncidents')
  cluster.lab.clock.set(cluster.lab.clock.now() + 10_000)
  const stepping = watch.step()
  cluster.kill(0)
  await cluster.pass(2 * MINUTE, rests)
  expect(cluster.told).toEqual(['unknown-task ghost'])
  paused.letGo()
  await stepping
  await cluster.pass(MINUTE, rests)
  expect(cluster.told).toEqual(['unknown-task ghost'])
})

test('a notice that is refused is tried again, and told of as unsent', async () => {
  const cluster = await haunted()
  const unsent = cluster.watchers.map(({ events }) => heard(events, 'alert.unsent'))
  cluster.refuse = () => Promise.reject(new Error('the chat is away'))
  await cluster.pass(3 * MINUTE, rests)
  expect(cluster.told).toEqual([])
  const problems = unsent.flat()
  expect(problems.length).toBeGreaterThanOrEqual(3)
  expect(problems[0]).toMatchObject({ channel: 'chat', error: { message: 'the chat is away' } })
  expect(problems[0]?.retryAt).toBeInstanceOf(Date)
  cluster.refuse = undefined
  await cluster.pass(3 * MINUTE, rests)
  expect(cluster.told).toEqual(['unknown-task ghost'])
})

test('a channel that fails is an incident on the others', async () => {
  const pager: string[] = []
  const broken = channel('mail', () => {
    throw new Error('no route to the host')
  })
  const channels = [broken, channel('pager', ({ title }) => void pager.push(title))]
  const cluster = new Cluster({ channels })
  await haunted(cluster)
  await cluster.pass(5 * MINUTE, rests)
  expect(pager).toEqual(['unknown-task ghost', 'channel-failing mail'])
})

test('a channel that never ends is left after 30 s', async () => {
  const cluster = await haunted(new Cluster({}, 1))
  await cluster.pass(MINUTE, rests)
  cluster.refuse = () => new Promise(() => undefined)
  const { watch, events } = cluster.watchers[0]!
  const unsent = heard(events, 'alert.unsent')
  cluster.lab.clock.set(cluster.lab.clock.now() + 30_000)
  const stepping = watch.step()
  await cluster.lab.clock.advance(30_000)
  await stepping
  expect(unsent.map(({ error }) => error.message)).toEqual(['The channel "chat" has not sent the notice within 30 s.'])
})

test('the heartbeat is called once a minute, by one of all, and only after a whole pass', async () => {
  const cluster = new Cluster({ heartbeatUrl: 'https://example.org/ping' })
  await cluster.pass(5 * MINUTE)
  expect(cluster.beats).toHaveLength(5)
  for (const { store } of cluster.watchers)
    tampered(store, 'readWaiting', () => () => Promise.reject(new Error('the books are away')))
  const steps = cluster.watchers.map(({ watch }) => watch)
  for (const watch of steps) {
    const step = watch.step.bind(watch)
    watch.step = () => step().catch(() => 0)
  }
  const { store } = cluster.watchers[0]!
  const { finishedAt } = await store.readPass()
  await cluster.pass(5 * MINUTE)
  expect(cluster.beats).toHaveLength(5)
  expect((await store.readPass()).finishedAt).toBe(finishedAt)
})

test.each([
  ['with channels a process that only serves looks at the books', [channel('chat', () => undefined)], 1],
  ['without channels no process looks at the books, or writes of them', undefined, 0]
] as const)('%s', async (_, channels, passes) => {
  const app = createEscapement({
    database: 'memory:',
    roles: ['web', ...(passes === 0 ? (['scheduler', 'worker'] as const) : [])],
    logger: false,
    tasks: [ghost],
    ...(channels !== undefined && { alerts: { channels } })
  })
  onTestFinished(() => app.stop())
  await app.start()
  const store = await app.store()
  if (passes > 0) await expect.poll(async () => (await store.readPass()).finishedAt).toBeDefined()
  else await (await app.enqueue(ghost, null)).result()
  expect(await store.readPass()).toMatchObject({ number: passes })
})
