import { type Haste, mostUrgent } from './stop-signals.ts'

export interface StopOrder {
  readonly haste: Haste
  /** Another process has taken the position, and no connection is to be cut. */
  readonly hasSuccessor: boolean
}

/**
 * What holds when an order comes on top of another. The same order may come several times and by several ways, as when a
 * whole process group is signalled: only more haste hurries. When all are to end the successor is about to end too.
 */
export function bothOrders(before: StopOrder | undefined, { haste, hasSuccessor }: StopOrder): StopOrder {
  if (before === undefined) return { haste, hasSuccessor }
  return { haste: mostUrgent(before.haste, haste), hasSuccessor: before.hasSuccessor && hasSuccessor }
}
