import { expect, test } from 'vitest'
import { createEscapement, task } from '../../../src/index.ts'
import type { Logger } from '../../../src/core/job/handler.ts'
import { readShownJob } from '../../../src/views/job.ts'
import { Lab } from '../lab.ts'
import { cipher } from './cipher.ts'

const card = { card: { number: '4111' }, amount: 3 }
const shown = { card: { number: '[redacted]' }, amount: 3 }
const redacting = (name = 'pay') => task(name, { redact: ['card.number'], handler: ({ payload }) => payload })

test('the books know the paths from the first enqueue on, before there is a job', async () => {
  const lab = new Lab()
  const node = lab.node()
  const { id } = await node.enqueuer.enqueue(redacting(), card)
  await node.enqueuer.enqueueMany(redacting('later'), [card])
  expect(await lab.store().readRedactions()).toEqual([
    { task: 'later', path: 'card.number' },
    { task: 'pay', path: 'card.number' }
  ])
  expect(await readShownJob(lab.store(), id)).toMatchObject({ payload: shown })
})

test('the books know the paths from the start of a node on, and are written once', async () => {
  const lab = new Lab()
  await lab.started({ tasks: [redacting()] })
  let writes = 0
  const store = lab.store()
  const again = lab.node({
    tasks: [redacting()],
    store: { ...store, keepRedactions: all => (writes++, store.keepRedactions(all)) }
  })
  await again.start()
  expect(await lab.store().readRedactions()).toEqual([{ task: 'pay', path: 'card.number' }])
  expect(writes).toBe(0)
  // Jobs of the release that hid it are still there.
  await lab.started({ tasks: [task('pay', { redact: ['amount'], handler: () => undefined })] })
  expect(await lab.store().readRedactions()).toHaveLength(2)
})

test('a task without paths asks the books nothing', async () => {
  const lab = new Lab()
  const store = lab.store()
  const refused = (): never => expect.fail('asked')
  const node = lab.node({ store: { ...store, readRedactions: refused, keepRedactions: refused } })
  await node.enqueuer.enqueue(task('mail', { handler: () => undefined }), card)
  expect(lab.onlyJob.task).toBe('mail')
})

test('people see progress and result without what the paths name, an app and its handlers see all', async () => {
  const seen: unknown[] = []
  const pay = task<typeof card>('pay', {
    redact: ['card.number'],
    handler: async ({ payload, progress, step }) => {
      seen.push(payload, await step('one', () => payload))
      await progress(payload)
      return [payload]
    }
  })
  const app = createEscapement({ database: 'memory:', logger: false, tasks: [pay] })
  try {
    await app.start()
    const { id, result } = await app.enqueue(pay, card)
    expect(await result()).toEqual([card])
    expect(seen).toEqual([card, card])
    expect(await app.jobs.get(id)).toMatchObject({ payload: card, progress: card, result: [card] })
    expect(await readShownJob(await app.store(), id)).toMatchObject({
      payload: shown,
      progress: shown,
      result: [shown]
    })
  } finally {
    await app.stop({ graceMs: 0 })
  }
})

test('a payload that a handler logs is covered, alone and as a field', async () => {
  const lines: unknown[] = []
  const say = (fields: object, message?: string): void => {
    if ('jobId' in fields && !('event' in fields)) lines.push([{ ...fields, jobId: 0 }, message])
  }
  const logger: Logger = { debug: say, info: say, warn: say, error: say }
  const tasks = [
    task('pay', {
      redact: ['card.number'],
      handler: ({ log, payload }) => {
        log.info({ payload, other: 1 }, 'paying')
        log.info(payload as object)
        log.info('text', { payload })
      }
    }),
    task('sealed', { codec: cipher('aes'), handler: ({ log, payload }) => log.info({ payload }, 'sending') }),
    task('open', { handler: ({ log, payload }) => log.info({ payload }, 'sending') })
  ]
  const app = createEscapement({ database: 'memory:', logger, tasks, worker: { concurrency: 1 } })
  try {
    await app.start()
    for (const each of tasks) await (await app.enqueue(each, card)).result()
  } finally {
    await app.stop({ graceMs: 0 })
  }
  const named = (task: string) => ({ jobId: 0, task, scheduleId: undefined, attempt: 1 })
  expect(lines).toEqual([
    [{ ...named('pay'), payload: shown, other: 1 }, 'paying'],
    [{ ...named('pay'), ...shown }, undefined],
    [{ ...named('pay'), payload: shown }, 'text'],
    [{ ...named('sealed'), payload: { sealed: 'aes' } }, 'sending'],
    [{ ...named('open'), payload: card }, 'sending']
  ])
})

test('a job that came without what an export left out is not run again', async () => {
  const lab = new Lab()
  const node = await lab.started({ tasks: [redacting()] })
  const { id } = await node.enqueuer.enqueue(redacting(), shown)
  const { id: other } = await node.enqueuer.enqueue(redacting(), { card: { number: '1' }, note: '[redacted]' })
  await node.work()
  await expect(node.operator.retry(id)).rejects.toMatchObject({ code: 'payload-redacted' })
  await node.operator.retry(other)
  expect([lab.job(id).state, lab.job(other).state]).toEqual(['completed', 'available'])
})
