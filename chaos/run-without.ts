import { join } from 'node:path'
import type { Fault, FaultKind } from './plan.ts'
import { patchedProduct } from './rig/product.ts'
import { patches, type Switch } from './rig/without.ts'
import { runOn, type RunOnOptions } from './run-on.ts'
import type { Ran } from './run.ts'

/** The moment that shows what is missing. The ledger needs none: there are always several who decide. */
const moments: Readonly<Record<Switch, FaultKind | undefined>> = { ledger: undefined, fence: 'ambush', term: 'depose' }
const FIRST_AT_MS = 500
const MAX_MS = 9_000
const SECONDS = 8

export type WithoutOptions = Pick<RunOnOptions, 'seed' | 'folder' | 'tell'>

/** A short run of a product that lacks this, in which a rule has to be broken. */
export async function runWithout(lacks: readonly Switch[], { seed, folder, tell }: WithoutOptions): Promise<Ran> {
  const product = await patchedProduct(
    join(folder, 'product'),
    lacks.flatMap(lack => patches[lack])
  )
  const kinds = lacks.flatMap(lack => moments[lack] ?? [])
  const plan = kinds.map((kind, index): Fault => ({
    number: index + 1,
    kind,
    atMs: FIRST_AT_MS,
    lastsMs: MAX_MS,
    whom: 0,
    byMs: 0
  }))
  return runOn({
    topology: 'everywhere',
    store: 'sqlite',
    seconds: SECONDS,
    schedules: 20,
    rate: 20,
    // A lock on a file is never taken from a process that is frozen.
    env: { ESCAPEMENT_COORDINATION: 'store' },
    drainMs: 3_000,
    product,
    plan,
    seed,
    folder,
    tell
  })
}
