import type { Topology } from '../src/settings/kinds/topologies.ts'
import type { FaultKind } from './plan.ts'
import { deploymentOf } from './rig/deployment.ts'
import { postgresBackend } from './rig/postgres-backend.ts'
import { loadProduct } from './rig/product.ts'
import { sqliteBackend } from './rig/sqlite-backend.ts'
import { type Ran, run, type RunOptions } from './run.ts'

export const stores = ['sqlite', 'postgres'] as const
export type StoreName = (typeof stores)[number]

export interface RunOnOptions extends Pick<
  RunOptions,
  'seed' | 'seconds' | 'folder' | 'product' | 'schedules' | 'rate' | 'plan' | 'env' | 'drainMs' | 'tell'
> {
  readonly topology: Topology
  readonly store: StoreName
  /** Only these of the faults that the store can suffer; default: all. */
  readonly only?: readonly FaultKind[] | undefined
}

const ofProcesses: readonly FaultKind[] = ['kill', 'freeze', 'ambush', 'restart', 'roll', 'hold', 'comeback']

/** A run of a topology on a store, with the faults that the two can suffer. */
export async function runOn(options: RunOnOptions): Promise<Ran> {
  const api = await loadProduct(options.product)
  const backend = options.store === 'sqlite' ? await sqliteBackend(options.folder, api) : await postgresBackend(api)
  try {
    return await run({
      ...options,
      api,
      backend,
      kinds: [...ofProcesses, ...backend.kinds].filter(kind => options.only?.includes(kind) ?? true),
      deploy: given => deploymentOf({ ...given, topology: options.topology })
    })
  } finally {
    await backend.close()
  }
}
