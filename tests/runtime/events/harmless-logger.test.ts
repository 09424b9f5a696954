import { expect, onTestFinished, test } from 'vitest'
import { createEscapement, type Logger, task } from '../../../src/index.ts'

test('a logger that nobody reads any more harms neither a job nor the engine', async () => {
  let calls = 0
  const broken = (): void => {
    calls++
    throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  }
  const logger: Logger = { debug: broken, info: broken, warn: broken, error: broken }
  const speak = task('speak', {
    handler: ({ log }) => {
      log.info({}, 'heard by nobody')
      return 'spoken'
    }
  })
  const app = createEscapement({ database: 'memory:', logger, tasks: [speak] })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.start()
  const completed = new Promise<void>(resolve => app.on('job.completed', () => resolve()))
  const { id } = await app.enqueue(speak, null)
  await completed
  expect(await app.jobs.get(id)).toMatchObject({ state: 'completed', result: 'spoken' })
  expect(calls).toBeGreaterThan(1)
})
