import { describe, expect, test } from 'vitest'
import { decide } from '../../../src/core/schedule/decide.ts'
import { pause, putAside, remove, resume } from '../../../src/core/schedule/change.ts'
import { UNRIVALLED } from '../../../src/core/schedule/owners.ts'
import { canonicalJson } from '../../../src/core/payload/canonical-json.ts'
import { planRegistration, type RegistrationContext } from '../../../src/core/schedule/register.ts'
import { brief, contextAt, declarationOf, declared, MINUTE, START } from './decisions.ts'

const now = contextAt(START + MINUTE)
const plan = (
  before: ReturnType<typeof declared> | undefined,
  declaration: ReturnType<typeof declarationOf>,
  context: RegistrationContext = now
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

  test('changed under the same release is contested while a live process declares it otherwise', () => {
    const standing = { ...UNRIVALLED, isContested: true }
    const changed = declarationOf({ priority: 3 })
    expect(plan(declared(), changed)).toMatchObject({ outcome: 'changed', contested: false })
    expect(plan(declared(), changed, { ...now, standing })).toMatchObject({ outcome: 'changed', contested: true })
    const higher = declarationOf({ priority: 3 }, 2)
    expect(plan(declared(), higher, { ...now, standing })).toMatchObject({ outcome: 'changed', contested: false })
  })

  test('held: a live process of a newer deployment of this release declares it otherwise', () => {
    const standing = { ...UNRIVALLED, isRivalled: true, isContested: true, isInForce: false }
    const context = { ...now, standing }
    const held = { outcome: 'held', contested: false, decision: undefined }
    expect(plan(declared(), declarationOf({ priority: 3 }), context)).toEqual(held)
    expect(plan(declared(), declarationOf(), context)).toMatchObject({ outcome: 'unchanged', decision: undefined })
    expect(plan(declared(), declarationOf({ priority: 3 }, 2), context)).toMatchObject({ outcome: 'changed' })
    const removed = remove(declared(), contextAt(START)).state
    expect(plan(removed, declarationOf({ priority: 3 }), context)).toEqual(held)
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

  test('of an orphan that code names again nothing is written but what differs: the registration takes its mark', () => {
    const orphan = { ...declared(), orphanedAt: START }
    expect(plan(orphan, declarationOf())).toMatchObject({ outcome: 'unchanged', decision: undefined })
    expect(plan(orphan, declarationOf({ priority: 3 })).decision?.state.orphanedAt).toBeUndefined()
  })

  test('the mark of an orphan is not taken by whoever is not in force', () => {
    const orphan = { ...declared(), orphanedAt: START }
    const context = { ...now, standing: { ...UNRIVALLED, isInForce: false } }
    expect(plan(orphan, declarationOf(), context)).toEqual({
      outcome: 'unchanged',
      contested: false,
      decision: undefined
    })
    expect(plan(orphan, declarationOf({ priority: 3 }), context).decision?.state).toMatchObject({
      definition: { priority: 3 },
      orphanedAt: START
    })
    expect(plan({ ...orphan, release: 5 }, declarationOf({}, 4))).toMatchObject({ decision: undefined })
  })
})

describe('an id belongs to the app that registered it', () => {
  const foreign = { ...declared(), app: 'other' }

  test('another app is refused, whatever its release and its definition', () => {
    const refused = { outcome: 'refused', contested: false, decision: undefined }
    for (const release of [0, 1, 9])
      for (const over of [{}, { priority: 3 }, { runAtStart: true }])
        expect(planRegistration(foreign, declarationOf(over, release), now, 'start')).toEqual(refused)
    expect(plan({ ...foreign, orphanedAt: START }, declarationOf())).toEqual(refused)
    expect(plan(pause(foreign, contextAt(START)).state, declarationOf())).toEqual(refused)
  })

  test('what another app has removed is free, with all that was decided of it', () => {
    const removed = remove(foreign, now).state
    for (const isLook of [false, true]) {
      const context = { ...contextAt(START + 5 * MINUTE), standing: { ...UNRIVALLED, isLook } }
      expect(plan(removed, declarationOf({ priority: 3 }, 0), context).decision?.state).toMatchObject({
        app: 'harbour',
        phase: 'active',
        jobsCreated: removed.jobsCreated,
        validFrom: START + 5 * MINUTE
      })
    }
  })

  test('an app that has got a name takes over what it registered without, once no process names it without', () => {
    const nameless = { ...declared(), app: 'default' }
    expect(plan(nameless, declarationOf()).decision?.state).toMatchObject({ app: 'harbour', phase: 'active' })
    const context = { ...now, standing: { ...UNRIVALLED, isHeldByOwner: true } }
    expect(plan(nameless, declarationOf(), context).outcome).toBe('refused')
    expect(plan(declared(), { ...declarationOf(), app: 'default' }).outcome).toBe('refused')
    const paused = pause(nameless, contextAt(START)).state
    expect(plan(paused, declarationOf()).decision?.state).toMatchObject({ app: 'harbour', phase: 'paused' })
  })
})

describe('what a person has set', () => {
  test('removed, it comes back with a start, and not with a look', () => {
    const removed = remove(declared(), contextAt(START)).state
    expect(plan(removed, declarationOf())).toMatchObject({
      outcome: 'changed',
      decision: { state: { phase: 'active' } }
    })
    const look = { ...now, standing: { ...UNRIVALLED, isLook: true } }
    expect(plan(removed, declarationOf(), look)).toMatchObject({ outcome: 'removed', decision: undefined })
    expect(plan({ ...removed, release: 5 }, declarationOf())).toMatchObject({ outcome: 'outranked' })
  })

  test('removed for good, it stays, whatever code declares', () => {
    const removed = remove(declared(), contextAt(START), { forGood: true }).state
    for (const release of [1, 9])
      expect(planRegistration(removed, declarationOf({ runAtStart: true }, release), now, 'start')).toMatchObject({
        outcome: 'removed',
        decision: undefined
      })
    const again = remove(removed, now).state
    expect(plan(again, declarationOf()).decision?.state).toMatchObject({ phase: 'active', phaseBy: undefined })
  })

  test('a pause outlives edits, an end by maxFires, and being an orphan', () => {
    const paused = pause({ ...declared({ maxFires: 9 }), fires: 5 }, contextAt(START)).state
    const ended = plan(paused, declarationOf({ maxFires: 3 }, 2)).decision!.state
    expect(ended).toMatchObject({ phase: 'paused', phaseBy: 'operator', nextFireAt: undefined })
    expect(resume(ended, now).state.phase).toBe('ended')
    const back = plan(ended, declarationOf({ maxFires: null }, 3)).decision!.state
    expect(back).toMatchObject({ phase: 'paused', phaseBy: 'operator' })
    const orphan = plan({ ...paused, orphanedAt: START }, declarationOf({ maxFires: 8 })).decision!.state
    expect(orphan).toMatchObject({ phase: 'paused', phaseBy: 'operator', orphanedAt: undefined })
  })
})

describe('what was put aside as an orphan', () => {
  const orphan = { ...declared(), orphanedAt: START, release: 5 }

  test.each(['paused', 'removed'] as const)('%s, it goes on as soon as any release names it', phase => {
    const aside = putAside(orphan, contextAt(START), phase).state
    expect(aside).toMatchObject({ phase, phaseBy: 'orphans', orphanedAt: START, nextFireAt: undefined })
    const lower = plan(aside, declarationOf({ priority: 3 }, 4))
    expect(lower).toMatchObject({ outcome: 'outranked' })
    expect(lower.decision?.state).toMatchObject({ phase: 'active', phaseBy: undefined, release: 5, orphanedAt: START })
    expect(lower.decision?.state.definition.priority).toBe(0)
    expect(plan(aside, declarationOf({}, 4)).decision?.state).toMatchObject({ phase: 'active', orphanedAt: START })
    const named = plan(aside, declarationOf({ priority: 3 }, 5)).decision?.state
    expect(named).toMatchObject({ phase: 'active', orphanedAt: undefined, definition: { priority: 3 } })
    const rivalled = { ...now, standing: { ...UNRIVALLED, isRivalled: true, isInForce: false } }
    const held = plan(aside, declarationOf({ priority: 3 }, 5), rivalled)
    expect([held.outcome, held.decision?.state.phase, held.decision?.state.orphanedAt]).toEqual([
      'held',
      'active',
      START
    ])
  })

  test('its fires are those of one life, and its fire times are "orphaned" in the ledger', () => {
    const aside = putAside({ ...orphan, fires: 7 }, contextAt(START), 'paused').state
    const back = plan(aside, declarationOf({}, 5), contextAt(START + 3 * MINUTE)).decision!
    expect(back.state.fires).toBe(7)
    expect(brief(back.ledger)).toEqual([['orphaned', 1, 3, 3]])
    expect(
      plan(putAside({ ...orphan, fires: 7 }, now, 'removed').state, declarationOf({}, 5)).decision?.state.fires
    ).toBe(8)
  })

  test('a person who pauses it keeps it paused, and one who resumes it lets it fire', () => {
    const aside = putAside(orphan, contextAt(START), 'paused').state
    const kept = pause(aside, contextAt(START)).state
    expect(kept).toMatchObject({ phase: 'paused', phaseBy: 'operator' })
    expect(plan(kept, declarationOf({}, 5)).decision).toBeUndefined()
    const spared = resume(aside, contextAt(START)).state
    expect(spared).toMatchObject({ phase: 'active', phaseBy: 'operator', orphanedAt: START })
    expect(plan(spared, declarationOf({}, 5)).decision?.state).toMatchObject({ phase: 'active', phaseBy: undefined })
  })
})

describe('run at start', () => {
  const starting = { runAtStart: true } as const
  const planStart = (
    before: ReturnType<typeof declared> | undefined,
    context = now,
    id: string | undefined = 'start'
  ) => planRegistration(before, declarationOf(starting), context, id).decision

  test('comes with the creation of a schedule, in the same write', () => {
    const decision = planStart(undefined)
    expect(decision?.jobs).toMatchObject([{ id: 'start', origin: 'start', fireAt: undefined }])
    expect(decision?.timeline).toHaveLength(1)
    expect(decision?.state.jobsCreated).toBe(1)
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

  test.each([1_000, MINUTE, 60 * MINUTE])(
    'not beside a fire of the same write, however much room there is (%i ms)',
    everyMs => {
      const often = { ...starting, maxInstances: 9, overlap: 'allow', trigger: { kind: 'interval', everyMs } } as const
      const context = contextAt(START + 120 * MINUTE)
      const edited = planRegistration(declared(often), declarationOf({ ...often, priority: 1 }, 2), context, 'start')
      expect(edited.decision?.jobs.map(job => job.origin)).toEqual(['fire'])
    }
  )

  test('not when its last fire was within the period', () => {
    const { state } = decide(declared(starting), now)
    expect(planStart(state, contextAt(START + MINUTE + 1))).toBeUndefined()
  })
})

test('canonical JSON orders keys at every depth, and lists not at all', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}')
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})
