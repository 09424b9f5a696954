import { describe, expect, test } from 'vitest'
import { requestLimit } from '../../src/launcher/process/max-requests.ts'
import { afterExit, type Exit } from '../../src/launcher/master/restart.ts'
import { graceOf, type Haste, hasteAfter, killAfterMs } from '../../src/launcher/stop-signals.ts'

describe('after a process has ended that nobody asked to', () => {
  const early = (failures: number): Exit => ({ lifeMs: 300, failures, isFinal: false })
  const policy = { limit: 20, random: 1 }

  test('the delay doubles, up to half a minute', () => {
    const delays = Array.from({ length: 10 }, (_, failures) => afterExit(early(failures), policy))
    expect(delays.map(next => (next.kind === 'restart' ? next.delayMs : next.kind))).toEqual([
      200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000
    ])
  })

  test('chance takes up to half of it away', () => {
    expect(afterExit(early(3), { ...policy, random: 0 })).toEqual({ kind: 'restart', delayMs: 800, failures: 4 })
  })

  test('it is given up after so many early ends in a row', () => {
    expect(afterExit(early(1), { limit: 2, random: 0 })).toMatchObject({ kind: 'restart', failures: 2 })
    expect(afterExit(early(2), { limit: 2, random: 0 })).toEqual({ kind: 'give-up' })
    expect(afterExit(early(0), { limit: 0, random: 0 })).toEqual({ kind: 'give-up' })
  })

  test('a life of ten seconds clears the record', () => {
    const next = afterExit({ lifeMs: 10_000, failures: 9, isFinal: false }, { limit: 9, random: 1 })
    expect(next).toEqual({ kind: 'restart', delayMs: 200, failures: 1 })
  })

  test('what would fail again in the same way is not tried again', () => {
    expect(afterExit({ lifeMs: 300, failures: 0, isFinal: true }, policy)).toEqual({ kind: 'give-up' })
  })
})

describe('signals', () => {
  const after = (...signals: ('SIGTERM' | 'SIGINT')[]): Haste | undefined =>
    signals.reduce<Haste | undefined>(
      (haste, signal) => hasteAfter(signal, haste === undefined ? undefined : { haste, sinceMs: 1_000 }),
      undefined
    )

  test('SIGTERM: with all graces, then without, then within a second, then by killing', () => {
    expect(after('SIGTERM')).toBe('graceful')
    expect(after('SIGTERM', 'SIGTERM')).toBe('hasty')
    expect(after('SIGTERM', 'SIGTERM', 'SIGTERM')).toBe('now')
    expect(after('SIGTERM', 'SIGTERM', 'SIGTERM', 'SIGTERM')).toBe('kill')
  })

  test('SIGINT twice is at once', () => {
    expect(after('SIGINT')).toBe('graceful')
    expect(after('SIGINT', 'SIGINT')).toBe('now')
    expect(after('SIGTERM', 'SIGINT')).toBe('now')
    expect(after('SIGINT', 'SIGINT', 'SIGINT')).toBe('kill')
  })

  test('one that comes with its echo is one', () => {
    expect(hasteAfter('SIGINT', { haste: 'graceful', sinceMs: 249 })).toBe('graceful')
    expect(hasteAfter('SIGINT', { haste: 'graceful', sinceMs: 250 })).toBe('now')
  })

  test('more haste is less grace, and an earlier kill', () => {
    const graces = { shutdownGraceMs: 10_000, abortGraceMs: 5_000 }
    const hastes: readonly Haste[] = ['graceful', 'hasty', 'now', 'kill']
    expect(hastes.map(haste => graceOf(haste, graces))).toEqual([10_000, 0, 0, 0])
    expect(hastes.map(haste => killAfterMs(haste, graces))).toEqual([20_000, 10_000, 1_000, 0])
  })
})

test('equal web processes are not replaced after equally many requests', () => {
  expect([0, 0.5, 0.999].map(random => requestLimit(1_000, random))).toEqual([1_000, 1_050, 1_100])
  expect([0, 0.999].map(random => requestLimit(1, random))).toEqual([1, 2])
})
