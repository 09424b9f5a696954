import { type Haste, mostUrgent } from './stop-signals.ts'

export interface StopOrder {
  readonly haste: Haste
  /** Another process has taken the position, and no connection is to be cut. */
  readonly hasSuccessor: boolean
}

/**
 * Merges an order into the one before. The same order may come several times and in several ways, as when a whole
 * process group is signalled: only more haste hurries. If one order says that all processes end, the successor ends
 * too.
 */
export function bothOrders(before: StopOrder | undefined, { haste, hasSuccessor }: StopOrder): StopOrder {
  if (before === undefined) return { haste, hasSuccessor }
  return { haste: mostUrgent(before.haste, haste), hasSuccessor: before.hasSuccessor && hasSuccessor }
}
