import { expect, test } from 'vitest'
import type { ScheduleHealth } from '../../../src/core/counts/health.ts'
import { type HealthFacts, verdictOf } from '../../../src/core/counts/health-word.ts'
import type { ScheduleState } from '../../../src/core/schedule/schedule.ts'
import { ScheduleHistory, START } from '../schedule/schedule-history.ts'

const MINUTE = 60_000
const at = (minute: number): number => START + minute * MINUTE

const healthy: ScheduleHealth = {
  scheduleId: 's',
  lastFinishedAt: at(10),
  lastSuccessAt: at(10),
  failuresInRow: 0,
  lastDurationMs: 250
}
const { state } = new ScheduleHistory().after(10 * MINUTE)

/** Ten minutes and a second after the start of a schedule of each minute. */
const inWords = (facts: Omit<Partial<HealthFacts>, 'state'> & { state?: Partial<ScheduleState> } = {}): string => {
  const shared = { liveJobs: 0, health: healthy, waitingSince: undefined, now: at(10) + 1_000 }
  const { word, reason } = verdictOf({ ...shared, ...facts, state: { ...state, ...facts.state } })
  return reason === undefined ? word : `${word}: ${reason}`
}

test('fine: decided, and its last jobs succeeded', () => {
  expect(inWords()).toBe('fine')
  expect(inWords({ health: { ...healthy, lastSuccessAt: at(9) } })).toBe('fine')
})

test('paused: by whom, and why', () => {
  const paused = { phase: 'paused', validFrom: at(5), nextFireAt: undefined } as const
  const since = 'since 2026-01-01T00:05:00Z'
  expect(inWords({ state: paused })).toBe(`paused: by its code ${since}`)
  expect(inWords({ state: { ...paused, phaseBy: 'operator' } })).toBe(`paused: by an operator ${since}`)
  const noted = { ...paused, phaseBy: 'operator', pauseNote: 'migration' } as const
  expect(inWords({ state: noted })).toBe(`paused: by an operator ${since}: "migration"`)
  expect(inWords({ state: { ...paused, phaseBy: 'orphans' } })).toBe(
    `orphaned: paused ${since}, as no live process names it`
  )
})

test('orphaned: it fires, and no code names it', () => {
  expect(inWords({ state: { orphanedAt: at(3) } })).toBe('orphaned: no code has named it since 2026-01-01T00:03:00Z')
})

test('overdue: due for more than 5 s, and undecided', () => {
  const due = { state: { nextFireAt: at(10) } }
  expect(inWords({ ...due, now: at(10) + 5_000 })).toBe('fine')
  expect(inWords({ ...due, now: at(10) + 5_001 })).toBe(
    'overdue: due 2026-01-01T00:10:00Z, and no scheduler has decided'
  )
})

test('failing: how often in a row, and since when', () => {
  expect(inWords({ health: { ...healthy, failuresInRow: 3, lastSuccessAt: at(7) } })).toBe(
    'failing: 3×; last success 2026-01-01T00:07:00Z'
  )
  expect(inWords({ health: { ...healthy, failuresInRow: 1, lastSuccessAt: undefined } })).toBe(
    'failing: 1×; it has never succeeded'
  )
})

test('late: a job waits for more than a minute, and nobody has claimed it', () => {
  const waiting = { liveJobs: 1, waitingSince: at(9) }
  expect(inWords({ ...waiting, now: at(10) })).toBe('fine')
  expect(inWords(waiting)).toBe('late: a job has waited 1m 1s, and no process has claimed it')
})

test('stale: neither of the last two fire times brought a success, and nothing is under way', () => {
  const old = { health: { ...healthy, lastSuccessAt: at(9) - 1 } }
  const sentence = 'stale: no success since 2026-01-01T00:08:59.999Z, though it was due 2026-01-01T00:09:00Z'
  expect(inWords(old)).toBe(sentence)
  expect(inWords({ ...old, liveJobs: 1 })).toBe('fine')
  expect(inWords({ health: undefined })).toBe('stale: no success ever, though it was due 2026-01-01T00:09:00Z')
})

test('stale: not for fire times before the definition or phase of now', () => {
  const old = { health: { ...healthy, lastSuccessAt: at(1) } }
  expect(inWords({ ...old, state: { validFrom: at(9) } })).toBe('fine')
  expect(inWords({ ...old, state: { validFrom: at(9) - 1 } })).toMatch(/^stale/)
})

test('ended, and without a next fire time', () => {
  const none = { nextFireAt: undefined }
  expect(inWords({ state: { ...none, phase: 'ended', fires: 10 } })).toBe('ended: it has fired 10 times')
  expect(inWords({ state: none })).toBe('no-next-fire: its trigger has no further fire time')
  expect(inWords({ state: { ...none, phase: 'removed', validFrom: at(2) } })).toBe(
    'removed: since 2026-01-01T00:02:00Z'
  )
})
