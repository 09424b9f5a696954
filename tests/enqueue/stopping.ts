import { expect, onTestFinished, test } from 'vitest'
import {
  createEscapement,
  type Escapement,
  type EscapementConfig,
  type HandlerContext,
  schedule,
  at,
  task
} from '../../src/index.ts'

const child = task('child', { handler: () => undefined })
const yearly = schedule('yearly', { task: child, trigger: at('2050-01-01T00:00:00Z') })

type Address = () => Promise<string>
type Act = (app: Escapement, context: HandlerContext) => unknown

/** What a stop does to calls: those of handlers, those that were made before it, and those that come too late. */
export function testStopping(address: Address): void {
  testHandlers(address)
  testEarlierAndLater(address)
  testShared(address)
}

async function appOn(address: Address, config: EscapementConfig): Promise<Escapement> {
  const made = createEscapement({ database: await address(), logger: false, ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

/** What became of the first job of the task. */
const endOf = (app: Escapement, name: string): Promise<unknown> =>
  new Promise(resolve => {
    app.on('job.completed', facts => (facts.task === name ? resolve('completed') : undefined))
    app.on('job.discarded', facts => (facts.task === name ? resolve(facts.error) : undefined))
  })

/** An app that is stopping while a handler of it runs, which then does something; answers what became of its job. */
async function whileStopping(address: Address, act: Act, graceMs?: number): Promise<unknown> {
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const load = task('load', {
    maxAttempts: 1,
    delivery: 'at-most-once',
    handler: async context => {
      entered.resolve()
      await gate.promise
      return act(escapement, context)
    }
  })
  const escapement: Escapement = await appOn(address, { tasks: [load, child], schedules: [yearly] })
  const ended = endOf(escapement, 'load')
  await escapement.start()
  await escapement.enqueue(load, null)
  await entered.promise
  const stopping = escapement.stop(graceMs === undefined ? {} : { graceMs })
  await new Promise(resolve => setImmediate(resolve))
  gate.resolve()
  await stopping
  return ended
}

const acts: readonly (readonly [string, Act])[] = [
  ['enqueue', escapement => escapement.enqueue(child, null)],
  ['enqueue by name', escapement => escapement.enqueue('child', null)],
  ['enqueueMany', escapement => escapement.enqueueMany(child, [1, 2, 3])],
  ['enqueue in a step', (escapement, { step }) => step('x', async () => (await escapement.enqueue(child, null)).id)],
  ['save a step and progress', async (_, { step, progress }) => (await step('x', () => 1), await progress(2))],
  ['read jobs', async escapement => [await escapement.jobs.get('x'), (await escapement.jobs.list()).items.length]],
  [
    'cancel a job',
    async escapement => escapement.jobs.cancel((await escapement.enqueue(child, null, { delay: '1d' })).id)
  ],
  [
    'steer schedules',
    async ({ schedules }) => {
      await schedules.pause('yearly')
      await schedules.resume('yearly')
      await schedules.runNow('yearly')
      return [
        (await schedules.list()).length,
        (await schedules.get('yearly'))?.id,
        (await schedules.ledger('yearly')).length
      ]
    }
  ],
  [
    'pause queues',
    async ({ queues }) => (await queues.pause('x'), await queues.resume('x'), (await queues.list()).length)
  ],
  ['read seats', async ({ seats }) => (await seats.list()).length],
  ['reach the books', async escapement => (await escapement.store()).id]
]
function testHandlers(address: Address): void {
  test.each(acts)('a handler may %s after the stop has begun', async (_, act) => {
    expect(await whileStopping(address, async (escapement, context) => void (await act(escapement, context)))).toBe(
      'completed'
    )
  })

  test('a handler that has heard its signal may still enqueue', async () => {
    const act = async (escapement: Escapement, { signal }: HandlerContext): Promise<void> => {
      if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
      await escapement.enqueue(child, null)
    }
    expect(await whileStopping(address, act, 10)).toBe('completed')
  })

  test('what another queue of the handler’s process sends in the meantime is written', async () => {
    const calls: Promise<unknown>[] = []
    await whileStopping(address, async escapement => {
      calls.push(...Array.from({ length: 20 }, () => escapement.enqueue(child, null)))
    })
    const answers = await Promise.allSettled(calls)
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill('fulfilled'))
  })
}

function testEarlierAndLater(address: Address): void {
  test.each([
    ['before the books are open', false],
    ['when they are', true]
  ])('200 calls that were made before the stop, %s, are finished or refused at once', async (_, isOpen) => {
    const escapement = await appOn(address, { tasks: [child] })
    if (isOpen) await escapement.store()
    const calls = Array.from({ length: 200 }, (_, number) => escapement.enqueue(child, number))
    const reads = Array.from({ length: 20 }, () => escapement.jobs.list())
    const answers = Promise.allSettled([...calls, ...reads])
    await escapement.stop()
    const failed = (await answers).flatMap(answer =>
      answer.status === 'rejected' ? [answer.reason as { code?: unknown }] : []
    )
    // Books that take long to open, or to answer, are not waited for.
    expect(failed.filter(({ code }) => code !== 'stopped')).toEqual([])
  })

  test('calls that come later are refused, each as stopped, and a second stop is legal', async () => {
    const escapement = await appOn(address, { tasks: [child] })
    await escapement.enqueue(child, null)
    await escapement.stop()
    await escapement.stop()
    const { schedules, jobs, queues, seats } = escapement
    for (const call of [
      () => escapement.enqueue(child, null),
      () => escapement.enqueueMany(child, [1]),
      () => escapement.store(),
      () => schedules.list(),
      () => schedules.pause('x'),
      () => jobs.get('x'),
      () => jobs.cancel('x'),
      () => queues.list(),
      () => seats.list()
    ])
      await expect(call()).rejects.toMatchObject({ code: 'stopped' })
  })
}

function testShared(address: Address): void {
  test('what ran while another of the process goes on is waited for, and served', async () => {
    const database = await address()
    const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const load = task('load', {
      maxAttempts: 1,
      handler: async () => {
        entered.resolve()
        await gate.promise
        await second.enqueue(child, null)
      }
    })
    const make = (config: EscapementConfig): Escapement => {
      const made = createEscapement({ database, logger: false, ...config })
      onTestFinished(() => made.stop({ graceMs: 0 }))
      return made
    }
    const first = make({ tasks: [child] })
    const second: Escapement = make({ tasks: [load, child] })
    if (database === 'memory:') return
    await first.start()
    await second.start()
    const ended = endOf(first, 'load')
    await second.enqueue(load, null)
    await entered.promise
    const stopping = second.stop()
    await new Promise(resolve => setImmediate(resolve))
    gate.resolve()
    await stopping
    expect(await ended).toBe('completed')
  })
}
