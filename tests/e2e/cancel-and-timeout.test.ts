import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callerOn, freshFolder } from './books-of-test.ts'
import { LinesProcess } from './lines-process.ts'

test('a running job is cancelled from another process: its signal is aborted, and it ends as cancelled', async () => {
  const file = join(freshFolder(), 'books.db')
  const caller = callerOn(file)
  const worker = new LinesProcess('job-process.ts', [file])
  const { id } = await caller.enqueue('listens', null)
  await worker.line(/^listens: began/)
  expect(await caller.jobs.cancel(id)).toBe('requested')
  await worker.line(/^listens: aborted$/)
  await expect.poll(async () => (await caller.jobs.get(id))?.state).toBe('cancelled')
  expect(await worker.ended('SIGTERM')).toEqual({ code: 0, signal: null })
})

test('a handler that ignores its time-out is fenced off: what it writes later is refused', async () => {
  const file = join(freshFolder(), 'books.db')
  const caller = callerOn(file)
  const worker = new LinesProcess('job-process.ts', [file])
  const { id } = await caller.enqueue('is-deaf', null)
  await worker.line(/^is-deaf: began$/)
  await worker.line(/^is-deaf: given up$/)
  expect(await worker.line(/^is-deaf: (?!given)/)).toBe('is-deaf: attempt-stale')
  await expect.poll(async () => (await caller.jobs.get(id))?.state).toBe('discarded')
  const job = await caller.jobs.get(id)
  expect(job?.errors.map(({ message }) => message)).toEqual([
    expect.stringContaining('did not end within 300 ms after its signal was aborted (timeout)')
  ])
  const database = new DatabaseSync(file, { readOnly: true })
  expect(database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'written_too_late'`).all()).toEqual([])
  database.close()
  expect(await worker.ended('SIGTERM')).toEqual({ code: 0, signal: null })
})
