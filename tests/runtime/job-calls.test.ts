import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, task } from '../../src/index.ts'

const weight: StandardSchemaV1<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: value => (typeof value === 'number' ? { value } : { issues: [{ message: 'not a weight' }] })
  }
}
const load = task('load', { schema: weight, handler: () => undefined })
const once = task('once', { delivery: 'at-most-once', handler: () => undefined })

function app(): Escapement {
  const made = createEscapement({ database: 'memory:', logger: false, tasks: [load, once] })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

test('a job that waits is changed', async () => {
  const escapement = app()
  const { id } = await escapement.enqueue(load, 5)
  const runAt = new Date('2040-01-01T00:00:00Z')
  const payload = [1]
  await escapement.jobs.update(id, { runAt, priority: -3, payload: 7 })
  expect(await escapement.jobs.get(id)).toMatchObject({ state: 'scheduled', priority: -3, payload: 7 })
  expect(Number((await escapement.jobs.get(id))?.runAt)).toBe(runAt.getTime())
  const before = Date.now()
  await escapement.jobs.update(id, { delay: '1h' })
  expect(Number((await escapement.jobs.get(id))?.runAt)).toBeGreaterThanOrEqual(before + 3_600_000)
  const other = await escapement.enqueue(once, null)
  const update = escapement.jobs.update(other.id, { payload })
  payload.push(2)
  await update
  expect(await escapement.jobs.get(other.id)).toMatchObject({ payload: [1] })
})

test('what cannot be changed says why', async () => {
  const escapement = app()
  const { id } = await escapement.enqueue(load, 5)
  const refused = (update: unknown, of = id): Promise<unknown> =>
    escapement.jobs.update(of, update as never).then(
      () => 'changed',
      (error: unknown) => error
    )
  expect(await refused({ payload: 'heavy' })).toMatchObject({
    code: 'payload-invalid',
    message: expect.stringContaining('not a weight') as string
  })
  expect(await refused({ payload: 1n })).toMatchObject({ code: 'payload-invalid' })
  expect(await refused({})).toMatchObject({ code: 'options-invalid' })
  expect(await refused({ queue: 'slow' })).toMatchObject({
    code: 'options-invalid',
    message: expect.stringContaining('"queue"') as string
  })
  expect(await refused({ priority: 101 })).toMatchObject({ code: 'task-invalid' })
  expect(await refused({ runAt: new Date(), delay: 5 })).toMatchObject({ code: 'duration-invalid' })
  expect(await refused({ priority: 1 }, 'nobody')).toMatchObject({ code: 'job-unknown' })
  expect(await refused({ payload: 1 }, 'nobody')).toMatchObject({ code: 'job-unknown' })
  await escapement.jobs.cancel(id)
  expect(await refused({ priority: 1 })).toMatchObject({ code: 'job-not-waiting' })
})

test('a finished job is deleted, and one that waits is not', async () => {
  const escapement = app()
  const { id } = await escapement.enqueue(load, 5)
  await expect(escapement.jobs.delete(id)).rejects.toMatchObject({
    code: 'job-not-finished',
    message: expect.stringContaining('Cancel it first') as string
  })
  await escapement.jobs.cancel(id)
  await escapement.jobs.delete(id)
  expect(await escapement.jobs.get(id)).toBeUndefined()
  await expect(escapement.jobs.delete(id)).rejects.toMatchObject({ code: 'job-unknown' })
})

test('an at-most-once job is retried only when the caller says again', async () => {
  const escapement = app()
  const { id } = await escapement.enqueue(once, null)
  await escapement.jobs.cancel(id)
  await expect(escapement.jobs.retry(id)).rejects.toMatchObject({ code: 'job-at-most-once' })
  await expect(escapement.jobs.retry(id, { agian: true } as never)).rejects.toMatchObject({ code: 'options-invalid' })
  await escapement.jobs.retry(id, { again: true })
  expect(await escapement.jobs.get(id)).toMatchObject({ state: 'available' })
})

test('many are cancelled, retried and deleted', async () => {
  const escapement = app()
  await escapement.enqueueMany(load, [1, 2, 3])
  expect(await escapement.jobs.cancelMany({ task: 'load' })).toEqual({ done: 3, left: 0, cursor: undefined })
  expect(await escapement.jobs.retryMany({ state: 'cancelled' }, { limit: 1 })).toMatchObject({ done: 1 })
  expect(await escapement.jobs.deleteMany({ state: 'cancelled' })).toEqual({ done: 2, left: 0, cursor: undefined })
  await expect(escapement.jobs.deleteMany({})).rejects.toMatchObject({ code: 'options-invalid' })
})
