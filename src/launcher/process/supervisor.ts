import type { ToMaster } from '../protocol.ts'
import type { StopOrder } from '../stop-order.ts'

/** Orders a process to stop, and receives its messages. */
export interface Supervisor {
  onStop(stopper: (order: StopOrder) => void): void
  tell(message: ToMaster): void
}

/** The log line of a process that waits for its books, or no longer does. */
export function waitWords(name: string, reason: string | null): string {
  if (reason === null) return `${name}: the books are open now`
  return `${name}: the books can't be opened yet; waiting for them: ${reason}`
}
