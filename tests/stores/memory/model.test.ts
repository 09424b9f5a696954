import { testStoreModel } from '../../conformance/model.ts'
import { memoryHarness } from './harness.ts'

testStoreModel(memoryHarness(), { runs: 100 })
