import { testStore } from '../../conformance/store.ts'
import { directly, postgresHarness } from './harness.ts'

testStore(postgresHarness(directly))
