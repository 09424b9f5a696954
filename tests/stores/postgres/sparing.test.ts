import type { EnqueueAnswer } from '../../../src/store/jobs.ts'
import type { Store } from '../../../src/store/store.ts'
import type { StoreHarness } from '../../conformance/harness.ts'
import { testStore } from '../../conformance/store.ts'
import { directly, postgresHarness } from './harness.ts'

/** Where nobody holds anything, writes that wait for nobody do all that the others do. */
const sparing = (store: Store): Store => {
  const writes = store.sparing!
  return {
    ...store,
    enqueue: jobs => writes.enqueue(jobs) as Promise<readonly EnqueueAnswer[]>,
    settle: reports => writes.settle(reports) as ReturnType<Store['settle']>,
    writeSchedules: decisions => writes.writeSchedules(decisions) as ReturnType<Store['writeSchedules']>
  }
}

const harness = postgresHarness({ ...directly, name: 'postgres, by writes that wait for nobody' })
const opening: StoreHarness = {
  ...harness,
  open: async clock => sparing(await harness.open(clock)),
  openBeside: async (store, clock) => sparing(await harness.openBeside(store, clock))
}

testStore(opening)
