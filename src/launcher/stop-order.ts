import type { Haste } from './stop-signals.ts'

export interface StopOrder {
  readonly haste: Haste
  /** Another process has taken the place, and no connection is to be cut. */
  readonly hasSuccessor: boolean
}
