import { describe, expect, test } from 'vitest'
import { explain, type ExplainBooks, type Explanation } from '../../../src/core/schedule/explain.ts'
import { formatDuration } from '../../../src/core/schedule/explain-words.ts'
import type { Job } from '../../../src/core/job/job.ts'
import { ScheduleHistory, START } from './schedule-history.ts'

const MINUTE = 60_000
const HOUR = 3_600_000

function ask(history: ScheduleHistory, at: number, changes: Partial<ExplainBooks> = {}): Explanation {
  const { timeline, ledger, state, now } = history
  return explain({
    id: 's',
    at,
    timeline,
    decidedUntil: state.decidedUntil,
    rows: ledger,
    job: undefined,
    now,
    prunedUntil: undefined,
    ...changes
  })
}

const job = (changes: Partial<Job>): Job =>
  ({ id: 'the-job', state: 'completed', failures: 0, errors: [], ...changes }) as unknown as Job

describe('what became of a fire time', () => {
  test('fired, and its job', () => {
    const history = new ScheduleHistory().after(MINUTE + 250)
    const completed = ask(history, START + MINUTE, { job: job({}) })
    expect(completed).toEqual({
      fate: 'fired',
      sentence:
        '2026-01-01T00:01:00Z fired: its job the-job is completed. It was decided 250 ms after it was due, under revision 1.',
      previous: START,
      next: START + 2 * MINUTE,
      revision: 1
    })
    const errors = [{ attempt: 2, at: 0, message: 'no route' }]
    const retried = ask(history, START + MINUTE, { job: job({ state: 'retryable', failures: 2, errors }) })
    expect(retried.sentence).toContain('is retryable after 2 failures (last: no route)')
    expect(ask(history, START + MINUTE).sentence).toContain('is past retention or was dropped')
  })

  test('coalesced into the latest, the earliest, or into one that could not fire itself', () => {
    const latest = new ScheduleHistory().after(10 * MINUTE)
    expect(ask(latest, START + 3 * MINUTE)).toMatchObject({
      fate: 'coalesced',
      sentence:
        '2026-01-01T00:03:00Z was coalesced: 2026-01-01T00:10:00Z fired for it (coalesce: latest, found 7m after it was due).'
    })
    const earliest = new ScheduleHistory({ coalesce: 'earliest' }).after(10 * MINUTE)
    expect(ask(earliest, START + 3 * MINUTE).sentence).toContain('2026-01-01T00:01:00Z fired for it')
    const overlapped = new ScheduleHistory().after(10 * MINUTE, 1)
    expect(ask(overlapped, START + 3 * MINUTE).sentence).toContain(
      '2026-01-01T00:10:00Z stood for it, and was itself overlapped'
    )
    const alone = ask(latest, START + 3 * MINUTE, { rows: latest.ledger.slice(0, 1) })
    expect(alone.sentence).toContain('another fire time of the same decision stood for it')
  })

  test('misfired, by how much', () => {
    const history = new ScheduleHistory({ misfireGraceMs: 90_000 }).after(HOUR + 5 * MINUTE + 1000)
    expect(ask(history, START + 5 * MINUTE)).toMatchObject({
      fate: 'misfired',
      sentence: '2026-01-01T00:05:00Z misfired: it was found 1h after it was due, and the grace is 1m 30s.'
    })
  })

  test('overlapped', () => {
    const history = new ScheduleHistory({ maxInstances: 2 }).after(MINUTE, 2)
    expect(ask(history, START + MINUTE)).toMatchObject({
      fate: 'overlapped',
      sentence: expect.stringContaining('2 jobs of the schedule had not finished when it was decided (maxInstances 2')
    })
  })

  test('paused: since when, whatever was edited meanwhile, written down or not yet', () => {
    const history = new ScheduleHistory().after(MINUTE).pause().wait(HOUR).edit({ maxInstances: 2 }).wait(HOUR)
    expect(ask(history, START + 90 * MINUTE)).toMatchObject({
      fate: 'paused',
      sentence:
        '2026-01-01T01:30:00Z did not fire: the schedule is paused, since 2026-01-01T00:01:00Z. Its resume writes that down.'
    })
    history.resume()
    expect(ask(history, START + 90 * MINUTE)).toMatchObject({
      fate: 'paused',
      sentence: '2026-01-01T01:30:00Z did not fire: the schedule was paused, since 2026-01-01T00:01:00Z.',
      revision: 3
    })
  })

  test('not a fire time, with the nearest ones', () => {
    const history = new ScheduleHistory().pause().wait(HOUR).resume()
    expect(ask(history, START + 90_000)).toEqual({
      fate: 'none',
      sentence:
        '2026-01-01T00:01:30Z is not a fire time of the schedule "s"; the nearest are 2026-01-01T00:01:00Z before and 2026-01-01T00:02:00Z after.',
      previous: START + MINUTE,
      next: START + 2 * MINUTE,
      revision: 2
    })
  })

  test('before it existed, after it ended, after its removal', () => {
    const history = new ScheduleHistory({ maxFires: 1 }).after(MINUTE).wait(HOUR)
    expect(ask(history, START)).toMatchObject({ fate: 'none', revision: undefined })
    expect(ask(history, START).sentence).toBe(
      '2026-01-01T00:00:00Z is before the schedule "s" existed; its books begin after 2026-01-01T00:00:00Z.'
    )
    expect(ask(history, START + 5 * MINUTE).sentence).toContain('had ended: it had fired as often as it may')
    history.remove().wait(HOUR)
    expect(ask(history, START + 90 * MINUTE).sentence).toContain('was removed, since 2026-01-01T01:01:00Z')
  })

  test('not yet due, not yet decided, never decided, forgotten', () => {
    const history = new ScheduleHistory().after(MINUTE).wait(3 * MINUTE)
    expect(ask(history, START + 6 * MINUTE)).toMatchObject({
      fate: 'future',
      sentence: '2026-01-01T00:06:00Z is due in 2m.'
    })
    expect(ask(history, START + 3 * MINUTE)).toMatchObject({
      fate: 'pending',
      sentence: '2026-01-01T00:03:00Z has been due for 1m and is undecided. Is a scheduler running?'
    })
    expect(ask(history, START + MINUTE, { rows: [] })).toMatchObject({ fate: 'missing' })
    expect(ask(history, START + MINUTE, { rows: [], prunedUntil: START + HOUR })).toMatchObject({ fate: 'forgotten' })
    expect(ask(history.pause(), START + 6 * MINUTE).sentence).toContain('due in 2m, but the schedule is paused')
  })
})

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h'],
  [90_061_000, '1d 1h'],
  [-1500, 'minus 1s']
])('%i ms are "%s"', (ms, words) => expect(formatDuration(ms)).toBe(words))
