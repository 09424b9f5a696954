import { expect, test } from 'vitest'
import { task } from '../../src/core/job/task.ts'
import { Lab, turn } from './lab.ts'

test('a stop resigns at once, while a handler still has its grace, and does not end before that is done', async () => {
  const lab = new Lab()
  const handler = Promise.withResolvers<void>()
  const load = task('load', { handler: () => handler.promise })
  const node = await lab.started({ tasks: [load] })
  await node.enqueuer.enqueue(load, null)
  await node.claim()
  const resigned = Promise.withResolvers<void>()
  const log: string[] = []
  node.node.beforeStop(() => {
    log.push('asked to resign')
    return resigned.promise
  })
  const stopping = node.stop(10_000).then(() => log.push('stopped'))
  expect(log).toEqual(['asked to resign'])
  handler.resolve()
  await turn()
  await node.settle()
  await turn()
  expect(log).toEqual(['asked to resign'])
  resigned.resolve()
  await stopping
  expect(log).toEqual(['asked to resign', 'stopped'])
})
