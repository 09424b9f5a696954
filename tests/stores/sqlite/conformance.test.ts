import { testStore } from '../../conformance/store.ts'
import { sqliteHarness } from './harness.ts'

testStore(sqliteHarness())
