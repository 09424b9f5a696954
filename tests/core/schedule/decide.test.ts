import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/core/schedule/decide.ts'
import { fireJobId } from '../../../src/core/schedule/fire-id.ts'
import { pause } from '../../../src/core/schedule/change.ts'
import { cron } from '../../../src/core/trigger/cron/cron.ts'
import { brief, contextAt, DAY, declared, everySecond, MINUTE, START } from './decisions.ts'

const at = (minutes: number, liveJobs = 0) => contextAt(START + minutes * MINUTE, { liveJobs })

describe('one fire time', () => {
  test('becomes a ledger row, a job and a new next fire time', () => {
    const before = declared({ payload: { port: 'Emden' }, queue: 'mail', priority: -3, maxAttempts: 4, keepMs: 7 })
    const { state, ledger, jobs, timeline } = decide(before, at(1))
    const fireAt = START + MINUTE
    const jobId = fireJobId('mails', fireAt)
    expect(ledger).toEqual([
      {
        scheduleId: 'mails',
        fireAt,
        lastFireAt: fireAt,
        count: 1,
        outcome: 'fired',
        jobId,
        decidedAt: fireAt,
        nextFireAt: fireAt + MINUTE,
        revision: 1,
        timezoneData: '2026a',
        node: 'node-a'
      }
    ])
    expect(jobs).toEqual([
      {
        id: jobId,
        task: 'task',
        queue: 'mail',
        priority: -3,
        payload: '{"port":"Emden"}',
        maxAttempts: 4,
        delivery: 'at-least-once',
        keepMs: 7,
        scheduleId: 'mails',
        uniqueKey: undefined,
        origin: 'fire',
        fireAt,
        runAt: fireAt
      }
    ])
    expect(timeline).toEqual([])
    expect(state).toEqual({
      ...before,
      decidedUntil: fireAt,
      nextFireAt: fireAt + MINUTE,
      jobsCreated: 1,
      fires: 1,
      lastJobCreatedAt: fireAt
    })
  })

  test('is decided at its instant, and not before', () => {
    expect(decide(declared(), contextAt(START + MINUTE - 1)).ledger).toEqual([])
    expect(decide(declared(), contextAt(START + MINUTE)).ledger).toHaveLength(1)
  })

  test('is decided once: the state it leaves has nothing due at the same instant', () => {
    const { state } = decide(declared(), at(1))
    expect(decide(state, at(1))).toMatchObject({ ledger: [], jobs: [], state })
  })

  test('a definition that is not valid yet yields nothing up to its first instant', () => {
    const before = { ...declared(), validFrom: START + 3 * MINUTE }
    expect(brief(decide(before, at(5)).ledger)).toEqual([
      ['coalesced', 4, 4, 1],
      ['fired', 5, 5, 1]
    ])
  })
})

describe('misfire grace', () => {
  const graceful = declared({ misfireGraceMs: 2 * MINUTE, coalesce: 'all' })

  test('a fire time exactly as late as the grace still fires', () => {
    expect(brief(decide(graceful, at(3)).ledger)[0]).toEqual(['fired', 1, 1, 1])
  })

  test('one a millisecond later is misfired', () => {
    const { ledger } = decide(graceful, contextAt(START + 3 * MINUTE + 1))
    expect(brief(ledger)).toEqual([
      ['misfired', 1, 1, 1],
      ['fired', 2, 2, 1],
      ['overlapped', 3, 3, 1]
    ])
  })

  test('all that are too late are one row', () => {
    expect(brief(decide(graceful, contextAt(START + 100 * MINUTE + 30_000)).ledger).slice(0, 1)).toEqual([
      ['misfired', 1, 98, 98]
    ])
  })

  test('none means never too late, 0 means only at the very instant', () => {
    expect(brief(decide(declared(), contextAt(START + DAY)).ledger).at(-1)).toEqual(['fired', 1440, 1440, 1])
    const punctual = declared({ misfireGraceMs: 0 })
    expect(decide(punctual, at(1)).ledger[0]?.outcome).toBe('fired')
    expect(decide(punctual, contextAt(START + MINUTE + 1)).ledger[0]?.outcome).toBe('misfired')
  })

  test('misfired fire times create no jobs, and count as no fires', () => {
    const { state, jobs } = decide(declared({ misfireGraceMs: 0 }), contextAt(START + 5 * MINUTE + 1))
    expect(jobs).toEqual([])
    expect(state).toMatchObject({ fires: 0, jobsCreated: 0, lastJobCreatedAt: undefined })
  })
})

describe('coalesce', () => {
  test.each([
    [
      'latest',
      [
        ['coalesced', 1, 4, 4],
        ['fired', 5, 5, 1]
      ]
    ],
    [
      'earliest',
      [
        ['fired', 1, 1, 1],
        ['coalesced', 2, 5, 4]
      ]
    ],
    ['all', [1, 2, 3, 4, 5].map(minute => ['fired', minute, minute, 1])]
  ] as const)('%s', (coalesce, rows) => {
    const { ledger, jobs } = decide(declared({ coalesce, overlap: 'allow' }), at(5))
    expect(brief(ledger)).toEqual(rows)
    expect(jobs.map(job => job.fireAt)).toEqual(ledger.filter(row => row.outcome === 'fired').map(row => row.fireAt))
  })

  test('all, with a cap: the latest fire, the earlier ones are coalesced', () => {
    const { ledger } = decide(declared({ coalesce: 'all', coalesceCap: 2, overlap: 'allow' }), at(5))
    expect(brief(ledger)).toEqual([
      ['coalesced', 1, 3, 3],
      ['fired', 4, 4, 1],
      ['fired', 5, 5, 1]
    ])
  })

  test('one decision fires 10,000 at the most', () => {
    const before = declared({ ...everySecond, coalesce: 'all', coalesceCap: 1_000_000, overlap: 'allow' })
    const { jobs, ledger } = decide(before, contextAt(START + DAY))
    expect(jobs).toHaveLength(10_000)
    expect(ledger[0]).toMatchObject({ outcome: 'coalesced', count: 76_400 })
  })
})

describe('overlap', () => {
  test('skip: no fire while maxInstances jobs are live', () => {
    expect(decide(declared(), at(1, 1))).toMatchObject({ jobs: [], ledger: [{ outcome: 'overlapped' }] })
    expect(decide(declared({ maxInstances: 2 }), at(1, 1)).ledger[0]?.outcome).toBe('fired')
    expect(decide(declared({ maxInstances: 2 }), at(1, 2)).ledger[0]?.outcome).toBe('overlapped')
  })

  test('skip: what one decision fires counts too, and the rest is one row', () => {
    const { ledger, jobs } = decide(declared({ coalesce: 'all', maxInstances: 3 }), at(5, 1))
    expect(jobs).toHaveLength(2)
    expect(brief(ledger)).toEqual([
      ['fired', 1, 1, 1],
      ['fired', 2, 2, 1],
      ['overlapped', 3, 5, 3]
    ])
  })

  test('allow: however many are live', () => {
    expect(decide(declared({ overlap: 'allow' }), at(1, 1_000)).ledger[0]?.outcome).toBe('fired')
  })
})

describe('maxFires', () => {
  test('the last fire ends the schedule, and later fire times are none of it', () => {
    const before = declared({ maxFires: 2, coalesce: 'all', overlap: 'allow' })
    const { state, ledger, timeline } = decide(before, at(5))
    expect(brief(ledger)).toEqual([
      ['fired', 1, 1, 1],
      ['fired', 2, 2, 1]
    ])
    expect(ledger[1]?.nextFireAt).toBeUndefined()
    const endedAt = START + 2 * MINUTE
    expect(state).toMatchObject({ phase: 'ended', fires: 2, revision: 2, validFrom: endedAt, nextFireAt: undefined })
    expect(state.decidedUntil).toBe(START + 5 * MINUTE)
    expect(timeline).toEqual([
      {
        scheduleId: 'mails',
        revision: 2,
        phase: 'ended',
        definition: before.definition,
        validFrom: endedAt,
        release: 1
      }
    ])
  })

  test('an ended schedule decides nothing more', () => {
    const { state } = decide(declared({ maxFires: 1 }), at(1))
    expect(decide(state, at(9))).toMatchObject({ ledger: [], jobs: [], timeline: [], state: { phase: 'ended' } })
  })

  test('what did not fire does not count', () => {
    const { state } = decide(declared({ maxFires: 1 }), at(1, 1))
    expect(state).toMatchObject({ phase: 'active', fires: 0 })
    expect(decide(state, at(2)).state).toMatchObject({ phase: 'ended', fires: 1 })
  })
})

describe('paused', () => {
  const paused = pause(declared(everySecond), contextAt(START)).state

  test('a month of pause of a one-second schedule is one row with the right count', () => {
    const { ledger, jobs, state } = decide(paused, contextAt(START + 31 * DAY))
    expect(brief(ledger, 1_000)).toEqual([['paused', 1, 31 * 86_400, 31 * 86_400]])
    expect(ledger[0]?.nextFireAt).toBe(START + 31 * DAY + 1_000)
    expect(jobs).toEqual([])
    expect(state.nextFireAt).toBeUndefined()
  })

  test('a removed schedule has no fire times', () => {
    const removed = { ...declared(), phase: 'removed', nextFireAt: undefined } as const
    expect(decide(removed, at(9)).ledger).toEqual([])
  })
})

test('a range of any length costs the same: only what fires is enumerated', () => {
  const before = declared({ trigger: cron('* * * * * *', { timezone: 'UTC' }).toJSON() })
  const century = START + 36_525 * DAY
  const { ledger } = decide(before, contextAt(century))
  expect(ledger.reduce((sum, row) => sum + row.count, 0)).toBe(36_525 * 86_400)
  expect(ledger.map(row => row.outcome)).toEqual(['coalesced', 'fired'])
})

test('the next fire time is later than both what is decided and where the definition begins to hold', () => {
  const before = { ...declared(), validFrom: START + 10 * MINUTE }
  expect(decide(before, at(5)).state.nextFireAt).toBe(START + 11 * MINUTE)
})

test('every row names the fire time that comes next, so that the chain has no gap', () => {
  const before = declared({ coalesce: 'all', coalesceCap: 3, maxInstances: 2, misfireGraceMs: 10 * MINUTE })
  const { ledger, state } = decide(before, contextAt(START + 20 * MINUTE + 1))
  expect(ledger.length).toBeGreaterThan(3)
  expect(ledger.map(row => row.nextFireAt)).toEqual([...ledger.slice(1).map(row => row.fireAt), state.nextFireAt])
})

test('a clock that went back decides nothing, and decidedUntil does not follow it', () => {
  const { state } = decide(declared(), at(5))
  const back = decide(state, at(2))
  expect(back).toMatchObject({ ledger: [], jobs: [] })
  expect(back.state.decidedUntil).toBe(START + 5 * MINUTE)
  expect(back.state.nextFireAt).toBe(START + 6 * MINUTE)
})
