import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Escapement } from '../../src/index.ts'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

/** A process in the middle of a job of the task. */
async function inTheMiddleOf(
  task: string,
  shutdownGrace: string
): Promise<{ caller: Escapement; id: string; worker: LinesProcess }> {
  const file = join(freshFolder(), 'books.db')
  const caller = callerOn(file)
  const worker = new LinesProcess('job-process.ts', [file, shutdownGrace])
  const { id } = await caller.enqueue(task, null)
  await worker.line(/: began/)
  return { caller, id, worker }
}

test('SIGTERM lets a job that ends within the grace end', async () => {
  const { caller, id, worker } = await inTheMiddleOf('finishes', '1h')
  expect(await worker.ended('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(worker.output()).toContain('stopped: 0 given back, 0 left')
  expect(await caller.jobs.get(id)).toMatchObject({ state: 'completed', result: 'finished', failures: 0, errors: [] })
})

test('SIGTERM aborts a job that does not, and gives it back uncharged to whoever comes next', async () => {
  const { caller, id, worker } = await inTheMiddleOf('listens', '200ms')
  expect(await worker.ended('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(worker.output()).toContain('listens: aborted')
  expect(await caller.jobs.get(id)).toMatchObject({ state: 'available', failures: 0, rescues: 0, errors: [] })
  const nodes = await (await caller.store()).listNodes()
  expect(nodes.map(({ phase }) => phase)).toEqual(['left'])
  const next = new LinesProcess('job-process.ts', [(caller.settings.database as { file: string }).file])
  expect(await next.line(/^listens: began/)).toBe('listens: began attempt 1')
})
