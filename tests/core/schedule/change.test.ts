import { describe, expect, test } from 'vitest'
import {
  createJob,
  create,
  edit,
  joined,
  pause,
  remove,
  resume,
  wantsRunAtStart
} from '../../../src/core/schedule/change.ts'
import { decide } from '../../../src/core/schedule/decide.ts'
import { brief, contextAt, declarationOf, declared, MINUTE, START } from './decisions.ts'

const at = (minutes: number) => contextAt(START + minutes * MINUTE)

describe('every change first decides what was due, and holds from there', () => {
  const changes = {
    pause: (state: ReturnType<typeof declared>, now: number) => pause(state, contextAt(now)),
    remove: (state: ReturnType<typeof declared>, now: number) => remove(state, contextAt(now)),
    edit: (state: ReturnType<typeof declared>, now: number) =>
      edit(state, declarationOf({ trigger: { kind: 'interval', everyMs: 2 * MINUTE } }, 2), contextAt(now))
  }
  for (const [name, change] of Object.entries(changes))
    test(name, () => {
      const now = START + 2 * MINUTE + 30_000
      const { state, ledger, jobs, timeline } = change(declared(), now)
      expect(brief(ledger)).toEqual([
        ['coalesced', 1, 1, 1],
        ['fired', 2, 2, 1]
      ])
      expect(ledger.map(row => row.revision)).toEqual([1, 1])
      expect(jobs).toHaveLength(1)
      expect(state).toMatchObject({ revision: 2, decidedUntil: now, validFrom: now })
      expect(timeline).toEqual([
        {
          scheduleId: 'mails',
          revision: 2,
          phase: state.phase,
          definition: state.definition,
          validFrom: now,
          release: state.release,
          phaseBy: state.phaseBy
        }
      ])
    })

  test('with the clock gone back it holds from what was decided, not from now', () => {
    const { state } = decide(declared(), at(5))
    expect(pause(state, at(2)).state).toMatchObject({ decidedUntil: START + 5 * MINUTE, validFrom: START + 5 * MINUTE })
    expect(resume(pause(state, at(2)).state, at(2)).state.nextFireAt).toBe(START + 6 * MINUTE)
  })

  test('a schedule that ends by that decision stays ended', () => {
    const { state, timeline } = pause(declared({ maxFires: 1 }), at(1))
    expect(state.phase).toBe('ended')
    expect(timeline.map(({ revision, phase }) => [revision, phase])).toEqual([
      [2, 'ended'],
      [3, 'ended']
    ])
  })
})

describe('pause and resume', () => {
  test('a paused schedule has no next fire time, and its resume writes one row', () => {
    const paused = pause(declared(), at(0)).state
    expect(paused).toMatchObject({ phase: 'paused', nextFireAt: undefined })
    const { state, ledger, jobs } = resume(paused, at(100))
    expect(brief(ledger)).toEqual([['paused', 1, 100, 100]])
    expect(jobs).toEqual([])
    expect(state).toMatchObject({ phase: 'active', nextFireAt: START + 101 * MINUTE })
  })

  test('they change neither what is ended nor what is removed', () => {
    const ended = decide(declared({ maxFires: 1 }), at(1)).state
    expect(pause(ended, at(2)).state.phase).toBe('ended')
    expect(resume(ended, at(2)).state.phase).toBe('ended')
    const removed = remove(declared(), at(1)).state
    expect(resume(removed, at(2)).state.phase).toBe('removed')
  })
})

describe('edit', () => {
  const faster = declarationOf({ trigger: { kind: 'interval', everyMs: 30_000 } }, 2)

  test('the new definition holds for later fire times', () => {
    const { state } = edit(declared(), faster, at(1))
    expect(state).toMatchObject({ definition: faster.definition, release: 2, nextFireAt: START + 90_000 })
  })

  test('of a paused schedule: the pause stays, and the resume writes the rest', () => {
    const edited = edit(pause(declared(), at(0)).state, faster, at(10))
    expect(brief(edited.ledger)).toEqual([['paused', 1, 10, 10]])
    expect(edited.state).toMatchObject({ phase: 'paused', nextFireAt: undefined })
    expect(brief(resume(edited.state, at(12)).ledger)).toEqual([['paused', 10.5, 12, 4]])
  })

  test('clears the mark of an orphan', () => {
    expect(edit({ ...declared(), orphanedAt: START }, faster, at(1)).state.orphanedAt).toBeUndefined()
  })

  test('of an ended schedule: a higher bound revives it, the same one does not', () => {
    const ended = decide(declared({ maxFires: 1 }), at(1)).state
    expect(edit(ended, declarationOf({ maxFires: 3 }), at(5)).state).toMatchObject({ phase: 'active', fires: 1 })
    expect(edit(ended, declarationOf({ maxFires: 1, priority: 5 }), at(5)).state.phase).toBe('ended')
  })

  test('a bound that is met already ends it', () => {
    const before = decide(declared(), at(1)).state
    const { state } = edit(before, declarationOf({ maxFires: 1 }), at(1))
    expect(state).toMatchObject({ phase: 'ended', nextFireAt: undefined })
  })
})

describe('create, remove, revive', () => {
  test('a new schedule has no past', () => {
    const { state, ledger, jobs, timeline } = create(declarationOf(), at(7))
    expect({ ledger, jobs }).toEqual({ ledger: [], jobs: [] })
    expect(state).toMatchObject({
      decidedUntil: START + 7 * MINUTE,
      validFrom: START + 7 * MINUTE,
      nextFireAt: START + 8 * MINUTE
    })
    expect(timeline).toHaveLength(1)
  })

  test('a tombstone keeps what was decided, and the same id lives on from there', () => {
    const removed = remove({ ...declared(), orphanedAt: START }, at(3)).state
    expect(removed).toMatchObject({
      phase: 'removed',
      nextFireAt: undefined,
      orphanedAt: undefined,
      decidedUntil: START + 3 * MINUTE
    })
    const { state, ledger } = edit(removed, declarationOf(), at(10))
    expect(ledger).toEqual([])
    expect(state).toMatchObject({ phase: 'active', nextFireAt: START + 11 * MINUTE, fires: 0, revision: 3 })
    const back = edit(removed, declarationOf(), at(1)).state
    expect(back.nextFireAt).toBe(START + 4 * MINUTE)
  })

  test('a revived schedule counts its fires anew', () => {
    const ended = decide(declared({ maxFires: 1 }), at(1)).state
    const revived = edit(remove(ended, at(2)).state, declarationOf({ maxFires: 1 }), at(3)).state
    expect(revived).toMatchObject({ phase: 'active', fires: 0 })
  })
})

describe('a job beside the fire times', () => {
  const creation = { id: 'a-uuid', origin: 'manual' } as const

  test('raises jobsCreated, and touches neither the ledger nor what is decided', () => {
    const before = declared()
    const decision = createJob(before, at(0.5), creation)
    expect(decision).toMatchObject({
      ledger: [],
      timeline: [],
      state: { ...before, jobsCreated: 1, lastJobCreatedAt: START + 30_000 }
    })
    expect(decision?.jobs).toMatchObject([{ id: 'a-uuid', origin: 'manual', fireAt: undefined, runAt: START + 30_000 }])
  })

  test('is kept within maxInstances, unless overlap is allowed', () => {
    expect(createJob(declared(), contextAt(START, { liveJobs: 1 }), creation)).toBeUndefined()
    expect(createJob(declared({ maxInstances: 2 }), contextAt(START, { liveJobs: 1 }), creation)).toBeDefined()
    expect(createJob(declared({ overlap: 'allow' }), contextAt(START, { liveJobs: 9 }), creation)).toBeDefined()
  })

  test('is created from paused schedules too, not of removed ones', () => {
    expect(createJob(pause(declared(), at(0)).state, at(1), creation)).toBeDefined()
    expect(createJob(remove(declared(), at(0)).state, at(1), creation)).toBeUndefined()
  })
})

describe('run at start', () => {
  const starting = declared({ runAtStart: true })

  test('is wanted once a period', () => {
    expect(wantsRunAtStart(starting, START)).toBe(true)
    const ran = { ...starting, lastJobCreatedAt: START }
    expect(wantsRunAtStart(ran, START + MINUTE - 1)).toBe(false)
    expect(wantsRunAtStart(ran, START + MINUTE)).toBe(true)
  })

  test('is not wanted where code does not ask for it, nor of one that is not active', () => {
    expect(wantsRunAtStart(declared(), START)).toBe(false)
    for (const phase of ['paused', 'ended', 'removed'] as const)
      expect(wantsRunAtStart({ ...starting, phase }, START)).toBe(false)
  })

  test('of a single date is one run for ever', () => {
    const once = declared({ runAtStart: true, trigger: { kind: 'date', at: '2026-01-01T00:01:00Z' } })
    expect(wantsRunAtStart(once, START)).toBe(true)
    expect(wantsRunAtStart({ ...once, lastJobCreatedAt: START }, START + 10 * MINUTE)).toBe(false)
  })
})

test('two decisions as one keep the rows of both and the state of the second', () => {
  const first = decide(declared({ overlap: 'allow' }), at(1))
  const second = createJob(first.state, at(1), { id: 'a-uuid', origin: 'manual' })!
  const both = joined(first, second)
  expect(both.jobs.map(job => job.origin)).toEqual(['fire', 'manual'])
  expect(both.ledger).toEqual(first.ledger)
  expect(both.state.jobsCreated).toBe(2)
})
