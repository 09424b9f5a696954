import type { Store } from '../../store/store.ts'

/** How often a scheduler that stands by checks whether it is needed. */
export const STANDBY_LOOK_MS = 1_000
const NEEDED_AFTER_MS = 3_000

/**
 * Whether a fire time has waited so long that the process that decides it must be gone or frozen. Then any scheduler
 * decides: the ledger lets only one through.
 */
export async function isStandbyNeeded(store: Store): Promise<boolean> {
  const dueAt = await store.nextDueAt()
  return dueAt !== undefined && dueAt <= (await store.now()) - NEEDED_AFTER_MS
}
