import { testStore } from '../../conformance/store.ts'
import { memoryHarness } from './harness.ts'

testStore(memoryHarness())
