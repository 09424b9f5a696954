import { expect, test } from 'vitest'
import { MAX_DURATION_MS } from '../../src/core/options/duration-text.ts'
import { task } from '../../src/core/job/task.ts'
import { lastInstantMs } from '../../src/core/trigger/instant.ts'
import { type JobOptions, newJob } from '../../src/operations/new-job.ts'

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
