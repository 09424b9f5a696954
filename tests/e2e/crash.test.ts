import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'
import { leavesTimer } from './tasks.ts'

test('a throw from a timer that a handler left behind ends the process, and is recorded on that job', async () => {
  const file = join(freshFolder(), 'books.db')
  const caller = callerOn(file)
  const innocent = await caller.enqueue('finishes', null)
  const worker = new LinesProcess('job-process.ts', [file])
  await worker.line(/^finishes: began$/)
  const { id } = await caller.enqueue(leavesTimer, null)
  const { code, signal } = await worker.ended()
  expect({ code, signal }).toEqual({ code: 1, signal: null })
  expect(worker.output()).toContain('Error: The timer that was left behind went off.')
  const job = await caller.jobs.get(id)
  expect(job?.errors.map(({ message }) => message)).toEqual(['The timer that was left behind went off.'])
  expect((await caller.jobs.get(innocent.id))?.errors).toEqual([])
})
