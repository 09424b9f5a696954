import { expect, test } from 'vitest'
import { MAX_DURATION_MS } from '../../src/core/options/duration-text.ts'
import { task } from '../../src/core/job/task.ts'
import { lastInstantMs } from '../../src/core/trigger/instant.ts'
import { type JobOptions, newJob } from '../../src/operations/enqueue/new-job.ts'

const load = task('load', { handler: () => undefined })
const now = Date.UTC(2026, 0, 1)
const made = (options: JobOptions) => newJob(load, 'null', options, { newId: () => 'id', now })

test('instants from 1970 to 9999, and delays of up to 1,000 years', () => {
  expect(made({ runAt: 0 }).runAt).toBe(0)
  expect(made({ runAt: new Date(lastInstantMs) }).runAt).toBe(lastInstantMs)
  expect(made({ delay: MAX_DURATION_MS }).runAt).toBe(now + MAX_DURATION_MS)
})

test.each([
  [{ runAt: 9e15 }, 'runAt is 9000000000000000; it takes a Date or whole epoch milliseconds, from 1970 to 9999'],
  [{ runAt: lastInstantMs + 1 }, 'from 1970 to 9999'],
  [{ runAt: new Date(8.64e15) }, 'runAt is 8640000000000000 ms;'],
  [{ runAt: new Date(Number.NaN) }, 'runAt is NaN ms;'],
  [{ runAt: -1 }, 'runAt is -1;'],
  [{ runAt: Infinity }, 'runAt is Infinity;'],
  [{ runAt: 1.5 }, 'runAt is 1.5;'],
  [{ delay: '280000w' }, 'The delay of a job got "280000w"; it takes'],
  [{ delay: Number.MAX_SAFE_INTEGER }, 'at most 1,000 years']
])('%j is refused by name', (options, message) => {
  expect(() => made(options)).toThrow(
    expect.objectContaining({ code: 'duration-invalid', message: expect.stringContaining(message) as string })
  )
})

test('a unique key is held for as long as its options say', () => {
  const unique = (options: JobOptions['unique']) => made({ unique: options! })
  expect(unique({ key: 'berth 4' })).toMatchObject({ uniqueKey: 'berth 4' })
  expect(unique({ key: 'berth 4' })).not.toHaveProperty('uniqueUntil')
  expect(unique({ key: 'berth 4', while: 'waiting' })).toMatchObject({ uniqueUntil: 0 })
  expect(unique({ key: 'berth 4', while: 'kept' }).uniqueUntil).toBeGreaterThan(lastInstantMs)
  const hour = unique({ key: 'berth 4', for: '30d', onDuplicate: 'replace' })
  expect(hour).toMatchObject({ uniqueUntil: now + 30 * 86_400_000, keepMs: 30 * 86_400_000, replaces: true })
})

test.each([
  [{ unique: { key: '' } }, 'id-invalid', 'The unique key of a job'],
  [{ unique: {} }, 'id-invalid', 'The unique key of a job'],
  [{ unique: 'berth 4' }, 'options-invalid', 'The unique of a job'],
  [{ unique: { key: 'a', while: 'running' } }, 'options-invalid', '"waiting" or "unfinished" or "kept"'],
  [{ unique: { key: 'a', for: 'soon' } }, 'duration-invalid', 'The unique.for of a job got "soon"'],
  [{ unique: { key: 'a', for: '1h', while: 'kept' } }, 'options-invalid', 'while: "kept"'],
  [{ unique: { key: 'a' }, uniqueKey: 'a' }, 'options-invalid', 'either uniqueKey or unique'],
  [{ unique: { key: 'a', onDuplicat: 'skip' } }, 'options-invalid', 'onDuplicate']
])('%j is refused as %s', (options, code, message) => {
  expect(() => made(options as never)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error
  )
})
