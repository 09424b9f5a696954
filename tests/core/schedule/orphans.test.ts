import { describe, expect, test } from 'vitest'
import { pause, putAside, resume } from '../../../src/core/schedule/change.ts'
import { ORPHAN_AFTER_MS, orphanDeed } from '../../../src/core/schedule/orphans.ts'
import { contextAt, declared, MINUTE, START } from './decisions.ts'

const orphan = { ...declared(), orphanedAt: START }
const unnamed = { isNamed: false, lastNamedAt: undefined }
const named = { isNamed: true, lastNamedAt: START }
const at = (minutes: number, policy: 'keep' | 'pause' | 'remove' = 'pause') => ({
  policy,
  now: START + minutes * MINUTE,
  afterMs: ORPHAN_AFTER_MS
})

describe('an orphan is put aside', () => {
  test.each(['pause', 'remove'] as const)('under %s, 10 minutes after it was marked', policy => {
    expect(orphanDeed(orphan, unnamed, at(9.99, policy))).toBeUndefined()
    expect(orphanDeed(orphan, unnamed, at(10, policy))).toBe(policy)
    expect(orphanDeed(orphan, unnamed, at(9_999, 'keep'))).toBeUndefined()
  })

  test('10 minutes after the last process that named it was alive, however long it has been marked', () => {
    const lastNamedAt = START + 60 * MINUTE
    expect(orphanDeed(orphan, { isNamed: false, lastNamedAt }, at(69.9))).toBeUndefined()
    expect(orphanDeed(orphan, { isNamed: false, lastNamedAt }, at(70))).toBe('pause')
  })

  test('never while a live process names it, nor without a mark', () => {
    expect(orphanDeed(orphan, named, at(9_999, 'remove'))).toBeUndefined()
    expect(orphanDeed(declared(), unnamed, at(9_999, 'remove'))).toBeUndefined()
  })

  test('not where a person has paused or resumed it', () => {
    expect(orphanDeed(pause(orphan, contextAt(START)).state, unnamed, at(10, 'remove'))).toBeUndefined()
    const spared = resume(putAside(orphan, contextAt(START), 'paused').state, contextAt(START)).state
    expect(orphanDeed(spared, unnamed, at(10, 'remove'))).toBeUndefined()
  })

  test('once: what is paused is removed only where that has become the policy', () => {
    const paused = putAside(orphan, contextAt(START), 'paused').state
    expect(orphanDeed(paused, unnamed, at(10))).toBeUndefined()
    expect(orphanDeed(paused, unnamed, at(10, 'remove'))).toBe('remove')
    expect(orphanDeed(putAside(orphan, contextAt(START), 'removed').state, unnamed, at(10, 'remove'))).toBeUndefined()
  })

  test.each(['keep', 'pause', 'remove'] as const)('and brought back as soon as one names it, also under %s', policy => {
    for (const phase of ['paused', 'removed'] as const)
      expect(orphanDeed(putAside(orphan, contextAt(START), phase).state, named, at(0, policy))).toBe('bring-back')
  })
})
