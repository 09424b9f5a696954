import type { Store } from '../../store/store.ts'

/** How often a scheduler that stands by looks whether it is needed. */
export const STANDBY_LOOK_MS = 1_000
const NEEDED_AFTER_MS = 3_000

/**
 * Whether a fire time waits for so long that whoever was to decide it must be gone or frozen. Then anybody decides: the
 * ledger gives once, whoever does it.
 */
export async function isStandbyNeeded(store: Store): Promise<boolean> {
  const dueAt = await store.nextDueAt()
  return dueAt !== undefined && dueAt <= (await store.now()) - NEEDED_AFTER_MS
}
