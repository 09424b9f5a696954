import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { createEscapement, type Escapement, type EscapementConfig, task } from '../../src/index.ts'
import { freshFile } from '../stores/sqlite/folder.ts'

const load = task('load', { handler: ({ payload }) => ({ took: String(payload) }) })
const gone = task('gone', { handler: () => 1, keepCompleted: 0 })

function app(config: EscapementConfig): Escapement {
  const made = createEscapement({ logger: false, tasks: [load, gone], ...config })
  onTestFinished(() => made.stop({ graceMs: 0 }))
  return made
}

test('an enqueue is followed by its result, in this process and from another one', async () => {
  const database = `sqlite:${freshFile()}`
  const [web, worker] = [app({ database }), app({ database })]
  const answer = await web.enqueue(load, 'coal')
  expect(answer).toEqual({ outcome: 'enqueued', id: answer.id })
  expect(JSON.stringify(answer)).toBe(`{"outcome":"enqueued","id":"${answer.id}"}`)
  const early = answer.result()
  await worker.start()
  expectTypeOf(await early).toEqualTypeOf<{ took: string }>()
  expect(await early).toEqual({ took: 'coal' })
  expect(await web.jobs.result(answer.id)).toEqual({ took: 'coal' })
  const { result } = await worker.enqueue(load, 'ore')
  expect(await result({ timeout: '20s' })).toEqual({ took: 'ore' })
})

test('a result that is not kept cannot be waited for, and says why', async () => {
  const web = app({ database: 'memory:' })
  const answer = await web.enqueue(gone, null)
  await expect(answer.result()).rejects.toMatchObject({
    code: 'job-unknown',
    message: expect.stringContaining('keepCompleted: 0') as string
  })
})

test('a stop ends the wait, and no later one begins', async () => {
  const web = app({ database: 'memory:' })
  const answer = await web.enqueue(load, 'coal')
  const wait = answer.result().catch((error: unknown) => error)
  await web.stop()
  expect(await wait).toMatchObject({ code: 'stopped' })
  await expect(answer.result()).rejects.toMatchObject({ code: 'stopped' })
})
