import { testStoreModel } from '../../conformance/model.ts'
import { directly, postgresHarness, type Route } from './harness.ts'

const packing: Route = {
  ...directly,
  name: 'postgres, every claim packed',
  options: schema => ({ ...directly.options(schema), packFrom: 1 })
}

for (const way of [directly, packing]) testStoreModel(postgresHarness(way), { runs: 6 })
