import { describe, expect, test } from 'vitest'
import { decide } from '../../src/core/decide.ts'
import { pause, remove } from '../../src/core/change.ts'
import { canonicalJson, planRegistration } from '../../src/core/register.ts'
import { contextAt, declarationOf, declared, MINUTE, START } from './decisions.ts'

const now = contextAt(START + MINUTE)
const plan = (
  before: ReturnType<typeof declared> | undefined,
  declaration: ReturnType<typeof declarationOf>,
  context = now
) => planRegistration(before, declaration, context, undefined)

describe('outcomes', () => {
  test('created', () => {
    expect(plan(undefined, declarationOf())).toMatchObject({
      outcome: 'created',
      contested: false,
      decision: { state: { phase: 'active', revision: 1 } }
    })
  })

  test('unchanged: nothing is written, in whatever order the keys come', () => {
    const before = declared({ payload: { a: 1, b: { c: 2, d: 3 } } })
    const same = declarationOf({ payload: { b: { d: 3, c: 2 }, a: 1 } })
    expect(plan(before, same)).toEqual({ outcome: 'unchanged', contested: false, decision: undefined })
  })

  test('unchanged under a higher release: the release is raised, no stretch begins', () => {
    expect(plan(declared(), declarationOf({}, 2))).toMatchObject({
      outcome: 'unchanged',
      decision: { state: { release: 2, revision: 2, validFrom: START }, ledger: [], jobs: [], timeline: [] }
    })
  })

  test('changed under a higher release', () => {
    expect(plan(declared(), declarationOf({ priority: 3 }, 2))).toMatchObject({
      outcome: 'changed',
      contested: false,
      decision: { state: { release: 2, definition: { priority: 3 } }, ledger: [{ outcome: 'fired' }] }
    })
  })

  test('changed under the same release is contested', () => {
    expect(plan(declared(), declarationOf({ priority: 3 }))).toMatchObject({ outcome: 'changed', contested: true })
  })

  test('outranked: a lower release writes nothing', () => {
    const before = { ...declared(), release: 5 }
    expect(plan(before, declarationOf({ priority: 3 }, 4))).toEqual({
      outcome: 'outranked',
      contested: false,
      decision: undefined
    })
    expect(plan(before, declarationOf({}, 4))).toMatchObject({ outcome: 'unchanged', decision: undefined })
  })

  test('a pause that an operator set outlives a registration', () => {
    const before = pause(declared(), contextAt(START)).state
    expect(plan(before, declarationOf({ priority: 3 }, 2)).decision?.state.phase).toBe('paused')
  })

  test('a tombstone is revived, without a contest', () => {
    expect(plan(remove(declared(), contextAt(START)).state, declarationOf())).toMatchObject({
      outcome: 'changed',
      contested: false,
      decision: { state: { phase: 'active' } }
    })
  })

  test('an orphan that code names again is one no more, and another app takes it over', () => {
    const again = plan({ ...declared(), orphanedAt: START }, declarationOf())
    expect(again.decision?.state.orphanedAt).toBeUndefined()
    expect(again.contested).toBe(false)
    expect(plan({ ...declared(), app: 'other' }, declarationOf({}, 2)).decision?.state.app).toBe('harbour')
  })
})

describe('run at start', () => {
  const starting = { runAtStart: true } as const
  const planStart = (
    before: ReturnType<typeof declared> | undefined,
    context = now,
    id: string | undefined = 'start'
  ) => planRegistration(before, declarationOf(starting), context, id).decision

  test('comes with the birth of a schedule, in the same write', () => {
    const decision = planStart(undefined)
    expect(decision?.jobs).toMatchObject([{ id: 'start', origin: 'start', fireAt: undefined }])
    expect(decision?.timeline).toHaveLength(1)
    expect(decision?.state.jobsBorn).toBe(1)
  })

  test('does not come from a process that does not schedule', () => {
    expect(planRegistration(undefined, declarationOf(starting), now, undefined).decision?.jobs).toEqual([])
  })

  test('comes to an unchanged schedule too, once a period', () => {
    const before = declared(starting)
    const first = planStart(before, contextAt(START))
    expect(first?.jobs).toHaveLength(1)
    expect(planStart(first!.state, contextAt(START + 1))).toBeUndefined()
    expect(planStart(first!.state, contextAt(START + MINUTE))?.jobs.map(job => job.origin)).toEqual(['start'])
  })

  test('is kept within maxInstances, what the same write fires included', () => {
    expect(planStart(declared(starting), contextAt(START, { liveJobs: 1 }))).toBeUndefined()
    const edited = planRegistration(
      declared({ ...starting, maxInstances: 2 }),
      declarationOf({ ...starting, priority: 1 }, 2),
      contextAt(START + 5 * MINUTE),
      'start'
    )
    expect(edited.decision?.jobs.map(job => job.origin)).toEqual(['fire'])
  })

  test('not when its last fire was within the period', () => {
    const { state } = decide(declared(starting), now)
    expect(planStart(state, contextAt(START + MINUTE + 1))).toBeUndefined()
  })
})

test('canonical JSON orders keys at every depth, and lists not at all', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}')
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})
