import type { ToMaster } from './protocol.ts'
import type { StopOrder } from './stop-order.ts'

/** Whoever orders a process to stop, and hears of it. */
export interface Superior {
  onStop(stopper: (order: StopOrder) => void): void
  tell(message: ToMaster): void
}
