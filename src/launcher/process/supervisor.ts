import type { ToMaster } from '../protocol.ts'
import type { StopOrder } from '../stop-order.ts'

/** Whoever orders a process to stop, and hears of it. */
export interface Supervisor {
  onStop(stopper: (order: StopOrder) => void): void
  tell(message: ToMaster): void
}

/** What is said of a process that waits for its books, or does no longer. */
export function waitWords(name: string, reason: string | null): string {
  if (reason === null) return `${name}: the books are open now`
  return `${name}: the books can't be opened yet, and are waited for: ${reason}`
}
