import * as v from 'valibot'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, task } from '../../src/index.ts'
import { Lab } from '../runtime/lab.ts'

const load = task('load', { handler: () => undefined })
const slowly = task('slowly', {
  schema: v.pipeAsync(
    v.unknown(),
    v.checkAsync(async () => {
      await new Promise(resolve => setImmediate(resolve))
      return true
    })
  ),
  handler: () => undefined
})
const checked = task('checked', { schema: v.object({ i: v.number() }), handler: () => undefined })

function app(): Escapement {
  const made = createEscapement({ database: 'memory:', logger: false, tasks: [load, slowly, checked] })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

const payloads = async (escapement: Escapement): Promise<unknown[]> =>
  (await escapement.jobs.list()).items.map(({ payload }) => payload).toReversed()

describe.each([
  ['before the books are open', false],
  ['when they are', true]
])('what is enqueued %s is read in the call', (_, isOpen) => {
  test.each([load, slowly, checked])('its payload, of the task $name', async asked => {
    const escapement = app()
    if (isOpen) await escapement.store()
    const payload = { i: 0 }
    const calls: Promise<unknown>[] = []
    for (payload.i = 1; payload.i <= 3; payload.i++) calls.push(escapement.enqueue(asked, payload))
    await Promise.all(calls)
    expect(await payloads(escapement)).toEqual([{ i: 1 }, { i: 2 }, { i: 3 }])
  })

  test('its options, and the dates in them', async () => {
    const escapement = app()
    if (isOpen) await escapement.store()
    const runAt = new Date('2050-01-01')
    const options = { priority: 0, runAt, uniqueKey: '' }
    const calls: Promise<{ id: string }>[] = []
    for (let count = 1; count <= 3; count++) {
      Object.assign(options, { priority: count, uniqueKey: `key ${count}` })
      runAt.setUTCFullYear(2050 + count)
      calls.push(escapement.enqueue(load, null, options))
    }
    const jobs = await Promise.all((await Promise.all(calls)).map(({ id }) => escapement.jobs.get(id)))
    expect(jobs.map(job => [job?.priority, job?.uniqueKey, job?.runAt.getUTCFullYear()])).toEqual(
      [1, 2, 3].map(count => [count, `key ${count}`, 2050 + count])
    )
  })

  test('a list of payloads, what is in them, and what is said of each', async () => {
    const escapement = app()
    if (isOpen) await escapement.store()
    const list = [{ i: 1 }, { i: 2 }, { i: 3 }]
    const said = { priority: 0 }
    const calls = [load, slowly, checked].map(asked =>
      escapement.enqueueMany(asked, list, { each: ({ i }) => Object.assign(said, { priority: i }) })
    )
    for (const each of list) each.i = 9
    said.priority = 9
    list.length = 0
    const answers = (await Promise.all(calls)).flat()
    const jobs = await Promise.all(answers.map(({ id }) => escapement.jobs.get(id)))
    expect(jobs.map(job => [job?.payload, job?.priority])).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3].map(i => [{ i }, i]))
  })

  test('what is asked of jobs', async () => {
    const escapement = app()
    if (isOpen) await escapement.store()
    const queued = escapement.enqueue(load, null)
    const filter: { task: string } = { task: 'load' }
    const page = { limit: 1 }
    await queued
    const listed = escapement.jobs.list(filter, page)
    filter.task = 'other'
    page.limit = 0
    expect((await listed).items).toHaveLength(1)
  })
})

test('of a long list the first 10,000 payloads are read in the call', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  const list = Array.from({ length: 10_000 }, (_, i) => ({ i }))
  const calls = enqueuer.enqueueMany(load, list)
  for (const each of list) each.i = -1
  list.length = 0
  const answers = await calls
  expect(answers.map(({ id }) => lab.job(id).payload)).toEqual(answers.map((_, i) => `{"i":${i}}`))
})

test('a getter is asked once, and the schema sees what is kept', async () => {
  let asked = 0
  const payload = Object.defineProperty({}, 'i', { get: () => ++asked, enumerable: true })
  const escapement = app()
  await escapement.enqueue(checked, payload as { i: number })
  const [kept] = await payloads(escapement)
  expect(kept).toEqual({ i: asked })
})
