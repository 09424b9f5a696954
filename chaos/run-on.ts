import type { Topology } from '../src/settings/settings.ts'
import type { FaultKind } from './plan.ts'
import { plainDeployment } from './rig/deployment.ts'
import { sqliteBackend } from './rig/sqlite-backend.ts'
import { type Ran, run, type RunOptions } from './run.ts'

export const stores = ['sqlite', 'postgres'] as const
export type StoreName = (typeof stores)[number]

export interface RunOnOptions extends Pick<
  RunOptions,
  'seed' | 'seconds' | 'folder' | 'product' | 'schedules' | 'rate' | 'tell'
> {
  readonly topology: Topology
  readonly store: StoreName
}

const ofProcesses: readonly FaultKind[] = ['kill', 'freeze', 'restart', 'roll']

/** A run of a topology on a store, with the faults that the two can suffer. */
export async function runOn(options: RunOnOptions): Promise<Ran> {
  const backend = await sqliteBackend(options.folder)
  try {
    const perHost = options.topology === 'single' ? 1 : 4
    return await run({
      ...options,
      backend,
      kinds: [...ofProcesses, ...backend.kinds],
      deploy: given => plainDeployment({ ...given, perHost })
    })
  } finally {
    await backend.close()
  }
}
