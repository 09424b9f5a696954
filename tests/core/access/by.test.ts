import { describe, expect, test } from 'vitest'
import { auditActions, auditTargetKinds, targetKindOf } from '../../../src/core/access/audit.ts'
import { aBy, auditEntryOf, type ChangeOptions, stampOf } from '../../../src/core/access/by.ts'
import { changedSchedule } from '../../../src/core/access/changed-schedule.ts'
import { checkOptions, door } from '../../../src/core/options/options.ts'
import { definition, scheduleState } from '../../conformance/fixtures.ts'

const changeDoor = door<ChangeOptions>('options-invalid', { by: aBy })
const refusal = (by: unknown): string => {
  try {
    checkOptions('pause()', { by }, changeDoor)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('who makes a change', () => {
  test('is the code, where nobody is named', () => {
    expect(stampOf(undefined)).toMatchObject({ actor: 'code', via: 'code', role: undefined, reason: undefined })
    expect(stampOf({ actor: 'anna' }, 'bulk')).toMatchObject({ actor: 'anna', via: 'code', bulkId: 'bulk' })
  })

  test('is taken as it is', () => {
    for (const by of [
      { actor: 'anna' },
      { actor: 'anna', role: 'admin', via: 'page', address: '::1', reason: 'x'.repeat(500) }
    ])
      expect(refusal(by)).toBe('')
  })

  test.each([
    ['anna', 'Write { actor: "anna" }.'],
    [{ actor: '' }, '"actor"'],
    [{ actor: 'a\u001b[2Jb' }, '"actor"'],
    [{ actor: 'x'.repeat(201) }, '"actor"'],
    [{ actor: 'anna', role: 'root' }, '"role"'],
    [{ actor: 'anna', via: 'mail' }, '"via"'],
    [{ actor: 'anna', reason: 'x'.repeat(501) }, '"reason"'],
    [{ actor: 'anna', reason: 'one\ntwo' }, '"reason"'],
    [{ actor: 'anna', address: '\ud800' }, '"address"'],
    [{ actor: 'anna', why: 'storm' }, '"why"']
  ])('is refused with the member that is wrong: %j', (by, hint) => {
    expect(refusal(by)).toContain(hint)
  })

  test('the kind of a target is that of the action', () => {
    expect([...new Set(auditActions.map(targetKindOf))]).toEqual(auditTargetKinds)
    const entry = auditEntryOf(stampOf(undefined), { id: 'id', action: 'job.retry', targetId: '7' })
    expect(entry).toMatchObject({ targetKind: 'job', outcome: 'done', count: 1, before: undefined })
  })
})

describe('what a change of a schedule shows', () => {
  const before = scheduleState()

  test('is what differs, and not what moves by itself', () => {
    const after = { ...before, revision: 2, decidedUntil: before.decidedUntil + 1, fires: 3, jobsCreated: 3 }
    expect(changedSchedule(before, after)).toEqual({ before: undefined, after: undefined })
    const changed = { ...after, definition: definition({ queue: 'fast', maxFires: 3 }) }
    expect(changedSchedule(before, changed)).toEqual({
      before: { queue: 'default', maxFires: null },
      after: { queue: 'fast', maxFires: 3 }
    })
  })

  test('of a member that is long, only that it is', () => {
    const dates = Array.from({ length: 500 }, (_, index) => ({ kind: 'at' as const, at: index }))
    const trigger = { kind: 'anyOf', triggers: dates } as unknown as typeof before.definition.trigger
    const { after } = changedSchedule(before, { ...before, definition: definition({ trigger }) })
    expect(after).toEqual({ trigger: '(long)' })
  })
})
