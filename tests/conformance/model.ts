import * as fc from 'fast-check'
import { afterEach, describe, test } from 'vitest'

import { ManualClock } from '../../src/testing/manual-clock.ts'
import { creation, nodeRecord, scheduleState } from './fixtures.ts'
import type { StoreHarness } from './harness.ts'
import { anyCommand } from './model-commands.ts'
import { emptyModel } from './model-state.ts'
import type { World } from './model-world.ts'
import { identityOf, SCHEDULE, SLOTS } from './model-world.ts'
import { START } from './suite.ts'

export interface ModelOptions {
  /** Histories to be tried; 100 by default. */
  readonly runs?: number
  /** To try the same histories again; by default ESCAPEMENT_TEST_SEED, or else a new one every time. The title shows it. */
  readonly seed?: number
}

/**
 * Random histories of several nodes and operators on two connections: after every step the store has to answer, and its
 * books have to stand, as a naive model of the rules foretells.
 */
export function testStoreModel(harness: StoreHarness, options: ModelOptions = {}): void {
  const seed = options.seed ?? seedOfRun()
  describe(`store model: ${harness.name}`, () => {
    afterEach(() => harness.assertNoLeaks())
    // Thousands of steps, of which a busy machine takes as long as it takes.
    test(`any history goes as the model foretells (seed ${seed})`, { timeout: 600_000 }, async () => {
      const history = fc.commands([...anyCommand], { maxCommands: 150, size: 'max' })
      const property = fc.asyncProperty(history, async commands => {
        await fc.asyncModelRun(() => setUp(harness), commands)
        await harness.assertNoLeaks()
      })
      await fc.assert(property, { seed, numRuns: options.runs ?? 100, endOnFailure: false })
    })
  })
}

function seedOfRun(): number {
  const wanted = process.env['ESCAPEMENT_TEST_SEED']
  return wanted === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(wanted)
}

async function setUp(harness: StoreHarness): Promise<{ model: ReturnType<typeof emptyModel>; real: World }> {
  const clock = new ManualClock(START)
  const store = await harness.open(clock)
  const beside = await harness.openBeside(store, clock)
  const model = emptyModel(START)
  await store.writeSchedules([creation(scheduleState({ id: SCHEDULE }))])
  const generations = SLOTS.map(() => 0)
  for (const slot of SLOTS) {
    await store.join(nodeRecord({ id: identityOf(slot, 0) }))
    model.aliveNodes.add(identityOf(slot, 0))
  }
  return { model, real: { clock, stores: [store, beside], generations } }
}
