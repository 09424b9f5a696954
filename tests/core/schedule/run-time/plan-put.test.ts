import { describe, expect, test } from 'vitest'
import { create, pause, putAside, remove, resume } from '../../../../src/core/schedule/change.ts'
import { decide } from '../../../../src/core/schedule/decide.ts'
import { callsOf, NAMELESS, ownerOf } from '../../../../src/core/schedule/owners.ts'
import { planRegistration } from '../../../../src/core/schedule/register.ts'
import { planPut } from '../../../../src/core/schedule/run-time/plan-put.ts'
import type { ScheduleDefinition, ScheduleState } from '../../../../src/core/schedule/schedule.ts'
import { brief, contextAt, declarationOf, declared, MINUTE, START } from '../decisions.ts'

const at = (minutes: number) => contextAt(START + minutes * MINUTE)
const ofCalls = (over: Partial<ScheduleDefinition> = {}, app = 'harbour') => ({
  ...declarationOf(over, 0),
  app: callsOf(app)
})
const put = (over: Partial<ScheduleDefinition> = {}): ScheduleState => create(ofCalls(over), at(0)).state
const twoMinutes = { trigger: { kind: 'interval', everyMs: 2 * MINUTE } } as const
const stateOf = (plan: ReturnType<typeof planPut>) => ('decision' in plan ? plan.decision?.state : undefined)

describe('a schedule that a call puts', () => {
  test('begins now, and belongs to the calls of the app', () => {
    const plan = planPut(undefined, ofCalls(), at(3))
    expect(plan).toMatchObject({ outcome: 'created', decision: { ledger: [], jobs: [] } })
    const state = stateOf(plan)!
    expect(state).toMatchObject({ phase: 'active', nextFireAt: START + 4 * MINUTE, release: 0 })
    expect(ownerOf(state.app)).toEqual({ app: 'harbour', by: 'calls' })
  })

  test('put again as it is: nothing is written, in whatever order the keys come', () => {
    const before = put({ payload: { a: 1, b: 2 } })
    expect(planPut(before, ofCalls({ payload: { b: 2, a: 1 } }), at(3))).toEqual({
      outcome: 'unchanged',
      decision: undefined
    })
  })

  test('changed: what is due is first decided under the old definition', () => {
    const plan = planPut(put(), ofCalls(twoMinutes), at(3))
    if (!('decision' in plan)) throw new Error(plan.outcome)
    expect(plan.outcome).toBe('changed')
    expect(brief(plan.decision!.ledger)).toEqual([
      ['coalesced', 1, 2, 2],
      ['fired', 3, 3, 1]
    ])
    expect(plan.decision!.state).toMatchObject({ validFrom: START + 3 * MINUTE, nextFireAt: START + 4 * MINUTE })
  })

  test('a paused one stays paused, with its note', () => {
    const paused = pause(put(), at(1), 'the customer is on holiday').state
    const state = stateOf(planPut(paused, ofCalls(twoMinutes), at(3)))!
    expect(state).toMatchObject({ phase: 'paused', phaseBy: 'operator', pauseNote: 'the customer is on holiday' })
    expect(resume(state, at(4)).state).toMatchObject({ phase: 'active', pauseNote: undefined })
  })

  test('a removed one comes back, and counts its fires anew', () => {
    const fired = decide(put({ maxFires: 1 }), at(1)).state
    expect(fired).toMatchObject({ phase: 'ended', fires: 1 })
    expect(stateOf(planPut(fired, ofCalls({ maxFires: 1, priority: 1 }), at(2)))).toMatchObject({ phase: 'ended' })
    const plan = planPut(remove(fired, at(2)).state, ofCalls({ maxFires: 1 }), at(3))
    expect(plan.outcome).toBe('created')
    expect(stateOf(plan)).toMatchObject({ phase: 'active', fires: 0, nextFireAt: START + 4 * MINUTE })
  })

  test('one that a person removed for good stays removed', () => {
    const removed = remove(put(), at(1), { forGood: true }).state
    expect(planPut(removed, ofCalls(), at(2))).toEqual({ outcome: 'removed-for-good' })
  })
})

describe('an id belongs to code or to calls', () => {
  test('what code declares is not put over, though it be the same, until it is removed', () => {
    expect(planPut(declared(), ofCalls(), at(1))).toEqual({ outcome: 'owned' })
    expect(planPut(pause(declared(), at(1)).state, ofCalls(), at(1))).toEqual({ outcome: 'owned' })
    expect(stateOf(planPut(remove(declared(), at(1)).state, ofCalls(), at(2)))?.app).toBe(callsOf('harbour'))
    const orphan = putAside({ ...declared({ maxFires: 3 }), fires: 2, orphanedAt: START }, at(1), 'removed').state
    expect(stateOf(planPut(orphan, ofCalls(), at(2)))).toMatchObject({
      phase: 'active',
      fires: 0,
      orphanedAt: undefined
    })
  })

  test('nor what the calls of another app made', () => {
    expect(planPut(put(), ofCalls({}, 'shop'), at(1))).toEqual({ outcome: 'owned' })
  })

  test('an app that got a name takes over what its calls made without one', () => {
    const nameless = create(ofCalls({}, NAMELESS), at(0)).state
    const plan = planPut(nameless, ofCalls(), at(1))
    expect(plan.outcome).toBe('changed')
    expect(stateOf(plan)?.app).toBe(callsOf('harbour'))
  })

  test.each([0, 1, 99])('code of release %i that names it is refused, until it is removed', release => {
    const register = (before: ScheduleState) =>
      planRegistration(before, declarationOf({ priority: 5 }, release), at(1), 'job-1')
    expect(register(put())).toEqual({ outcome: 'refused', contested: false, decision: undefined })
    expect(register(put({ priority: 5, runAtStart: true }))).toMatchObject({ outcome: 'refused', decision: undefined })
    expect(register(pause(put(), at(1)).state)).toMatchObject({ outcome: 'refused' })
    expect(register(remove(put(), at(1)).state)).toMatchObject({ outcome: 'changed', decision: { state: { release } } })
  })

  test('no app has the name that stands for calls', () => {
    expect(ownerOf('harbour')).toEqual({ app: 'harbour', by: 'code' })
    expect(callsOf('harbour').trim()).not.toBe(callsOf('harbour'))
  })
})

describe('the note of a pause', () => {
  test('ends with the pause, however that ends', () => {
    const paused = pause(declared(), at(1), 'the crane is broken').state
    expect(paused.pauseNote).toBe('the crane is broken')
    expect(resume(paused, at(2)).state.pauseNote).toBeUndefined()
    expect(remove(paused, at(2)).state.pauseNote).toBeUndefined()
  })

  test('is replaced by another note, and kept by a pause without one', () => {
    const paused = pause(declared(), at(1), 'the crane is broken').state
    expect(pause(paused, at(2)).state.pauseNote).toBe('the crane is broken')
    expect(pause(paused, at(2), 'the harbour is closed').state.pauseNote).toBe('the harbour is closed')
  })
})
