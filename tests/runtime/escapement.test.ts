import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  createEscapement,
  type Escapement,
  type EscapementConfig,
  type EventMap,
  type EventName,
  every,
  schedule,
  task
} from '../../src/index.ts'
import { removeFolder } from '../remove-folder.ts'

function app(config: EscapementConfig): Escapement {
  const made = createEscapement({ database: 'memory:', logger: false, ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

/** The first such event that fits. */
function eventOf<Name extends EventName>(
  escapement: Escapement,
  name: Name,
  fits: (facts: EventMap[Name]) => boolean = () => true
): Promise<EventMap[Name]> {
  return new Promise(resolve => {
    const end = escapement.on(name, facts => {
      if (!fits(facts)) return
      end()
      resolve(facts)
    })
  })
}

test('what is enqueued before the start runs after it, what comes later at once', async () => {
  const load = task('load', { handler: ({ payload }) => payload })
  const escapement = app({ tasks: [load] })
  const early = await escapement.enqueue(load, 'early')
  const ran = eventOf(escapement, 'job.completed', facts => facts.jobId === early.id)
  await escapement.start()
  await ran
  const late = await escapement.enqueue('load', 'late', { id: '00000000-0000-7000-8000-000000000001' })
  await eventOf(escapement, 'job.completed', facts => facts.jobId === late.id)
  await escapement.stop()
  await expect(escapement.enqueue(load, 'too late')).rejects.toMatchObject({ code: 'stopped' })
})

test('a schedule runs at start, fires by itself, and its job is worked off', async () => {
  const load = task('load', { handler: ({ fireAt }) => fireAt?.toISOString() })
  const escapement = app({
    tasks: [load],
    schedules: [
      schedule('hourly', { task: load, trigger: every('1h'), runAtStart: true }),
      schedule('often', { task: load, trigger: every('1s') })
    ]
  })
  const starting = eventOf(escapement, 'job.completed', facts => facts.scheduleId === 'hourly')
  const firing = eventOf(escapement, 'job.completed', facts => facts.scheduleId === 'often')
  await escapement.start()
  expect((await starting).fireAt).toBeUndefined()
  const { fireAt } = await firing
  expect(fireAt?.getUTCMilliseconds()).toBe(0)
  expect(await escapement.schedules.ledger('often')).toContainEqual(expect.objectContaining({ outcome: 'fired' }))
})

test('a retry that is due soon is taken without anybody’s help', async () => {
  const load = task('load', {
    retry: [20],
    handler: ({ attempt }) => {
      if (attempt < 3) throw new Error('not yet')
    }
  })
  const escapement = app({ tasks: [load] })
  await escapement.start()
  const done = eventOf(escapement, 'job.completed')
  await escapement.enqueue(load, null)
  expect((await done).attempt).toBe(3)
})

test('many jobs go through few slots, each once', async () => {
  const runs = new Map<unknown, number>()
  const load = task('load', { handler: ({ payload }) => void runs.set(payload, (runs.get(payload) ?? 0) + 1) })
  const escapement = app({ tasks: [load], worker: { concurrency: 3 } })
  await escapement.start()
  let open = 500
  const allDone = eventOf(escapement, 'job.completed', () => --open === 0)
  await Promise.all(Array.from({ length: 500 }, (_, index) => escapement.enqueue(load, index)))
  await allDone
  expect(runs.size).toBe(500)
  expect([...runs.values()].every(count => count === 1)).toBe(true)
})

test('stop lets a running handler end, and is legal twice', async () => {
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const load = task('load', {
    handler: async () => {
      entered.resolve()
      await gate.promise
    }
  })
  const escapement = app({ tasks: [load] })
  await escapement.start()
  await escapement.enqueue(load, null)
  await entered.promise
  const [done, stopped] = [eventOf(escapement, 'job.completed'), eventOf(escapement, 'node.stopped')]
  const stopping = escapement.stop()
  gate.resolve()
  await stopping
  await done
  expect(await stopped).toMatchObject({ leftRunning: 0 })
  await escapement.stop()
})

test('the books of a node outlive the Escapement that started it, while another holds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'escapement-'))
  onTestFinished(() => removeFolder(folder))
  const database = `sqlite:${join(folder, 'books.db')}`
  const load = task('load', { handler: () => 'done' })
  const [first, second] = [app({ database, tasks: [load] }), app({ database, tasks: [load] })]
  await first.start()
  await second.start()
  await first.stop()
  const failed: string[] = []
  first.on('loop.failed', ({ error }) => failed.push(error.message))
  const done = eventOf(first, 'job.completed')
  await second.enqueue(load, null)
  await Promise.race([done, eventOf(first, 'loop.failed')])
  expect(failed).toEqual([])
  await done
  await second.stop()
})

test('books that were away at the first call are found by a later one', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'escapement-away-')), 'later')
  onTestFinished(() => removeFolder(join(folder, '..')))
  const load = task('load', { handler: () => undefined })
  const escapement = app({ database: `sqlite:${join(folder, 'books.db')}`, tasks: [load] })
  await expect(escapement.enqueue(load, null)).rejects.toMatchObject({ code: 'store-unavailable' })
  mkdirSync(folder)
  await expect(escapement.enqueue(load, null)).resolves.toMatchObject({ outcome: 'enqueued' })
})

test('schedules.remove() takes forGood, and refuses a misspelt one with the name that was meant', async () => {
  const load = task('load', { handler: () => undefined })
  const escapement = app({ schedules: [schedule('often', { task: load, trigger: every('1h') })] })
  await escapement.start()
  const misspelt = { forgood: true } as object
  await expect(escapement.schedules.remove('often', misspelt)).rejects.toMatchObject({
    code: 'options-invalid',
    message: expect.stringContaining('forGood')
  })
  await escapement.schedules.remove('often', { forGood: true })
  const { schedules } = await (await escapement.store()).readSchedules(['often'])
  expect(schedules[0]!.state).toMatchObject({ phase: 'removed', phaseBy: 'for-good' })
})
