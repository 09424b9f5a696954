import { testStoreModel } from '../../conformance/model.ts'
import { directly, postgresHarness, type Way } from './harness.ts'

const packing: Way = {
  ...directly,
  name: 'postgres, every claim packed',
  options: schema => ({ ...directly.options(schema), packFrom: 1 })
}

for (const way of [directly, packing]) testStoreModel(postgresHarness(way), { runs: 6 })
