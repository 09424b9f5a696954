import { afterEach, describe, expect, test } from 'vitest'

import { ManualClock } from '../../src/testing/manual-clock.ts'
import type { Setting, StoreHarness, Suite } from './harness.ts'

/** The instant at which every test of the suite begins. */
export const START = Date.parse('2026-03-02T10:00:00Z')

/** Gathers the tests of the topics under one heading, leaves out what the harness names, and holds those names to the truth. */
export function describeStore(harness: StoreHarness, topics: readonly ((suite: Suite) => void)[]): void {
  describe(`store: ${harness.name}`, () => {
    afterEach(() => harness.assertNoLeaks())
    const names = new Set<string>()
    const add: Suite['test'] = (name, body) => {
      if (names.has(name)) throw new Error(`Two tests of the suite are called "${name}".`)
      names.add(name)
      const reason = reasonToSkip(harness, name)
      const title = reason === undefined ? name : `${name} (left out: ${reason})`
      test(title, { skip: reason !== undefined }, async () => body(await settingOf(harness)))
    }
    for (const topic of topics) topic({ test: add })
    test('every name on the list of skips is that of a test', () => {
      const listed = (harness.skip ?? []).flatMap(skip => skip.tests)
      expect(listed.filter(name => !names.has(name))).toEqual([])
    })
  })
}

async function settingOf(harness: StoreHarness): Promise<Setting> {
  const clock = new ManualClock(START)
  const store = await harness.open(clock)
  return { clock, store, beside: () => harness.openBeside(store, clock) }
}

const reasonToSkip = (harness: StoreHarness, name: string): string | undefined =>
  harness.skip?.find(skip => skip.tests.includes(name))?.reason
