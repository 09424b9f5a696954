import { EscapementError } from '../../core/errors.ts'
import type { MemoryBooks } from './books.ts'

/** One user's access to the books. It hears of the others' writes and can be closed. */
export interface Connection {
  readonly read: <T>(step: () => T) => Promise<T>
  /** Like `read`, and notifies the other connections. */
  readonly write: <T>(step: () => T) => Promise<T>
  readonly watch: (listener: () => void) => () => void
  readonly close: () => void
}

export function connect(books: MemoryBooks): Connection {
  const listeners = new Set<() => void>()
  let open = true
  let isScheduled = false
  const tell = (): void => {
    if (isScheduled || listeners.size === 0) return
    isScheduled = true
    // Later, and once for many writes: a listener must never run within another's write.
    queueMicrotask(() => {
      isScheduled = false
      for (const listener of listeners) listener()
    })
  }
  books.connections.add(tell)
  const read: Connection['read'] = step =>
    new Promise(resolve => {
      if (!open) throw new EscapementError('store-unavailable', 'This connection to the memory store has been closed.')
      resolve(step())
    })
  return {
    read,
    write: step =>
      read(() => {
        const answer = step()
        for (const tellOther of books.connections) if (tellOther !== tell) tellOther()
        return answer
      }),
    watch: listener => {
      const own = (): void => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    close: () => {
      open = false
      listeners.clear()
      books.connections.delete(tell)
    }
  }
}
