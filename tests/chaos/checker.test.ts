import { assert, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../chaos/checker/check.ts'
import { rules } from '../../chaos/checker/rules.ts'
import { recorded } from '../../chaos/checker/recorded.ts'
import { cutFrom, cutTo, sleeper, steady } from './good-cast.ts'
import { GoodRun } from './good-run.ts'
import { minus, type Pick, plus } from './mutate.ts'
import { ofAttempts } from './mutations-of-attempts.ts'
import { ofBooks } from './mutations-of-books.ts'
import { ofFires } from './mutations-of-fires.ts'
import { ofTime } from './mutations-of-time.ts'

const mutations = [...ofFires, ...ofAttempts, ...ofBooks, ...ofTime]
const RUNS = 8

test('nothing is found in a run that went as it should, and much has happened in it', () => {
  assert(
    property(nat(), seed => {
      const { findings, figures } = check(new GoodRun(seed).evidence())
      expect(findings).toEqual([])
      const { staleReports, zombies, orphans, takeOvers, rescued, coalesced, overlapped, paused } = figures
      for (const happened of [
        staleReports,
        zombies,
        orphans.count,
        takeOvers.count,
        rescued,
        coalesced,
        overlapped,
        paused
      ])
        expect(happened).toBeGreaterThan(0)
    }),
    { numRuns: RUNS }
  )
})

test('who was frozen all the while need not miss the store', () => {
  const struck = { number: 9, kind: 'depose', pids: [steady, sleeper], by: 'rig' }
  const missedByNobody = minus(new GoodRun(1).evidence(), 'loop.failed')
  const slept = plus(missedByNobody, { ...struck, what: 'fault.began', at: cutFrom - 100 })
  const { findings } = check(plus(slept, { ...struck, what: 'fault.ended', at: cutTo }))
  expect(findings.filter(({ rule }) => rule === 'L6')).toEqual([])
})

test('who asks again for want of an answer may have been heard the first time', () => {
  const run = new GoodRun(1).evidence()
  const asked = recorded(run.entries, 'enqueue.asked').find(({ runAt }) => runAt !== undefined)!
  const again = { ...asked, at: asked.at + 60_000, runAt: asked.runAt! + 60_000 }
  expect(check(plus(run, again)).findings.filter(({ rule }) => rule === 'S4')).toEqual([])
})

test('every rule has something that it alone is there to find', () => {
  expect(new Set(mutations.map(([rule]) => rule))).toEqual(new Set(Object.keys(rules)))
})

describe('is found', () => {
  test.each(mutations)('by %s: %s', (rule, _, mutate) => {
    assert(
      property(nat(), nat(), (seed, choice) => {
        const pick: Pick = all => {
          expect(all).not.toEqual([])
          return all[choice % all.length]!
        }
        const { findings } = check(mutate(new GoodRun(seed).evidence(), pick))
        expect(findings.map(finding => finding.rule)).toContain(rule)
      }),
      { numRuns: RUNS }
    )
  })
})
