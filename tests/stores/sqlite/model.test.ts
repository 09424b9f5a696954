import { testStoreModel } from '../../conformance/model.ts'
import { sqliteHarness } from './harness.ts'

testStoreModel(sqliteHarness(), { runs: 40 })
