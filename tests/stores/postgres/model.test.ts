import { testStoreModel } from '../../conformance/model.ts'
import { directly, postgresHarness } from './harness.ts'

testStoreModel(postgresHarness(directly), { runs: 6 })
