import * as v from 'valibot'
import { expect, test } from 'vitest'
import { task } from '../../src/core/job/task.ts'
import type { SqlClient } from '../../src/store/jobs.ts'
import { failing, Lab, START, tampered, turn } from '../runtime/lab.ts'

const load = task('load', { handler: () => undefined, schema: v.object({ crate: v.number() }), queue: 'quay' })
const crates = (count: number): { crate: number }[] => Array.from({ length: count }, (_, crate) => ({ crate }))
const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`

/** How many jobs each call of the store was given. */
function batchesOf(store: Parameters<typeof tampered>[0]): number[] {
  const sizes: number[] = []
  tampered(store, 'enqueue', real => async jobs => {
    sizes.push((jobs as unknown[]).length)
    return real(jobs)
  })
  return sizes
}

test('many jobs: one for each payload, answered in order, with what is said of all and of each', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  const answers = await enqueuer.enqueueMany(load, crates(3), {
    delay: '1m',
    priority: 5,
    each: ({ crate }, index) => (crate === 1 ? { priority: -5, uniqueKey: `crate ${index}`, delay: 0 } : {})
  })
  expect(answers.map(({ outcome }) => outcome)).toEqual(['enqueued', 'enqueued', 'enqueued'])
  const jobs = answers.map(({ id }) => lab.job(id))
  const usual = { queue: 'quay', priority: 5, runAt: START + 60_000, uniqueKey: undefined, state: 'scheduled' }
  expect(jobs).toMatchObject([
    { payload: '{"crate":0}', ...usual },
    { payload: '{"crate":1}', queue: 'quay', priority: -5, runAt: START, uniqueKey: 'crate 1', state: 'available' },
    { payload: '{"crate":2}', ...usual }
  ])
  expect(await enqueuer.enqueueMany(load, [])).toEqual([])
})

test('many jobs: a unique key that is taken, within the call or before it, is answered with the job that has it', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  const answers = await enqueuer.enqueueMany(load, crates(3), { each: ({ crate }) => ({ uniqueKey: `${crate % 2}` }) })
  expect(answers[2]).toEqual({ outcome: 'duplicate', id: answers[0]?.id })
  expect(lab.books.jobs.size).toBe(2)
})

test('many jobs: they are written in batches, in order', async () => {
  const lab = new Lab()
  const store = lab.store()
  const { enqueuer } = lab.node({ tasks: [load], store })
  const sizes = batchesOf(store)
  const answers = await enqueuer.enqueueMany(load, crates(2_500))
  expect(sizes).toEqual([1_000, 1_000, 500])
  expect(answers.map(({ id }) => lab.job(id).payload)).toEqual(crates(2_500).map(crate => JSON.stringify(crate)))
})

test('many jobs: large payloads make small batches', async () => {
  const lab = new Lab()
  const store = lab.store()
  const write = task('write', { handler: () => undefined })
  const { enqueuer } = lab.node({ tasks: [write], store })
  const sizes = batchesOf(store)
  const page = 'x'.repeat(900_000)
  expect(await enqueuer.enqueueMany(write, Array<string>(10).fill(page))).toHaveLength(10)
  expect(sizes).toEqual([8, 2])
})

test('many jobs: of more than can be kept the first are made once, the others again, and all are written in order', async () => {
  const lab = new Lab()
  const write = task('write', { handler: () => undefined })
  const { enqueuer } = lab.node({ tasks: [write] })
  const pages = Array.from({ length: 40 }, (_, number) => `${number} ${'x'.repeat(899_990)}`)
  const madeOf = pages.map(() => 0)
  const each = (_: unknown, index: number): object => ({ priority: madeOf[index]!++ > 0 ? 1 : 0 })
  const answers = await enqueuer.enqueueMany(write, pages, { each })
  expect(madeOf).toEqual([...Array<number>(35).fill(1), ...Array<number>(5).fill(2)])
  expect(answers.map(({ id }) => lab.job(id).payload)).toEqual(pages.map(page => JSON.stringify(page)))
})

test('many jobs: nothing is written when the last of all payloads is refused', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  const payloads = [...crates(2_500), { crate: 'broken' as unknown as number }]
  await expect(enqueuer.enqueueMany(load, payloads)).rejects.toMatchObject({ code: 'payload-invalid' })
  await expect(
    enqueuer.enqueueMany(load, crates(2_500), { each: ({ crate }) => ({ priority: crate === 2_499 ? 101 : 0 }) })
  ).rejects.toMatchObject({ code: 'task-invalid' })
  expect(lab.books.jobs.size).toBe(0)
})

test('many jobs: what was written before a failure stays, and under ids of the caller nothing doubles', async () => {
  const lab = new Lab()
  const store = lab.store()
  const { enqueuer } = lab.node({ tasks: [load], store })
  const each = { each: (_: unknown, index: number) => ({ id: idOf(index) }) }
  let calls = 0
  const fix = tampered(store, 'enqueue', real => async jobs => {
    if (++calls === 2) throw new Error('ebb')
    return real(jobs)
  })
  await expect(enqueuer.enqueueMany(load, crates(2_500), each)).rejects.toThrow('ebb')
  expect(lab.books.jobs.size).toBe(1_000)
  fix()
  const outcomes = (await enqueuer.enqueueMany(load, crates(2_500), each)).map(({ outcome }) => outcome)
  expect(outcomes.indexOf('enqueued')).toBe(1_000)
  expect(lab.books.jobs.size).toBe(2_500)
})

test('many jobs: the process lives on while they are made', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  let isOver = false
  const enqueued = enqueuer.enqueueMany(load, crates(5_000)).finally(() => {
    isOver = true
  })
  for (let turns = 0; turns < 3; turns++) {
    await turn()
    expect(isOver).toBe(false)
  }
  await enqueued
})

test('a client is refused where the books cannot be written through it', async () => {
  const lab = new Lab()
  const { enqueuer } = lab.node({ tasks: [load] })
  const client: SqlClient = { query: async () => ({ rows: [] }) }
  for (const asked of [
    enqueuer.enqueue(load, { crate: 1 }, { client }),
    enqueuer.enqueueMany(load, crates(2), { client })
  ])
    await expect(asked).rejects.toMatchObject({
      code: 'client-invalid',
      message: expect.stringContaining('books in memory take none') as string
    })
  expect(lab.books.jobs.size).toBe(0)
})

test('what is enqueued through one client at the same time is one statement, and a failure is told to all', async () => {
  const lab = new Lab()
  const store = lab.store()
  const given: number[] = []
  Object.assign(store, {
    enqueueWithin: async (_: SqlClient, jobs: unknown[]) => {
      given.push(jobs.length)
      return store.enqueue(jobs as Parameters<typeof store.enqueue>[0])
    }
  })
  const { enqueuer } = lab.node({ tasks: [load], store })
  const client: SqlClient = { query: async () => ({ rows: [] }) }
  const three = (): Promise<unknown>[] => [
    enqueuer.enqueue(load, { crate: 1 }, { client }),
    enqueuer.enqueue(load, { crate: 2 }, { client }),
    enqueuer.enqueueMany(load, crates(2), { client })
  ]
  await Promise.all(three())
  expect(given).toEqual([2, 2])
  failing(store, 'enqueue')
  const answers = await Promise.allSettled(three())
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
