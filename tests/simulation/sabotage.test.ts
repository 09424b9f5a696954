import { expect, test } from 'vitest'
import { simulateMonth } from './month.ts'
import { decidingEarly, forgettingRows, ignoringFences, ignoringGuards, neverRescuing } from './sabotage.ts'
import type { Sabotage } from './world.ts'

const MONTHS = 20

/** Everything that was found wrong in some months whose store breaks a promise; the months end at the first findings. */
async function findingsUnder(sabotage: Sabotage): Promise<string> {
  for (let seed = 1; seed <= MONTHS; seed++) {
    const { findings } = await simulateMonth(seed, sabotage)
    if (findings.length > 0) return findings.join('\n')
  }
  return ''
}

test('a store that ignores the guard of a decision is found out', async () => {
  expect(await findingsUnder(ignoringGuards)).toMatch(/jobs of schedule-\d+ are live|runs at the first start/)
})

test('a store that ignores the fence of an attempt is found out', async () => {
  expect(await findingsUnder(ignoringFences)).toMatch(/has 2 effects|fenced off attempt .* was answered written/)
})

test('a store that frees nothing is found out', async () => {
  expect(await findingsUnder(neverRescuing)).toMatch(/The month did not come to its end/)
})

test('a store that forgets rows of the ledger is found out', async () => {
  expect(await findingsUnder(forgettingRows())).toMatch(/not in the ledger/)
})

test('a store that records other fire times than the trigger has is found out', async () => {
  expect(await findingsUnder(decidingEarly)).toMatch(/that is not a fire time of the schedule/)
})

test('a month of one seed is always the same', async () => {
  expect(await simulateMonth(1)).toEqual(await simulateMonth(1))
})
