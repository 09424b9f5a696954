import type { StoreHarness } from './harness.ts'
import { describeStore } from './suite.ts'
import { testEnqueue } from './enqueue.ts'

/** Every promise of the store port, tried on one store. A test file of a store is little more than a call of this. */
export function testStore(harness: StoreHarness): void {
  describeStore(harness, [testEnqueue])
}
