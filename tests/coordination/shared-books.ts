import type { Clock } from '../../src/clock/clock.ts'
import type { Store } from '../../src/store/store.ts'
import { createMemoryBooks } from '../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'

/** Books in memory, and as many connections to them as a test asks for; each can be tampered with. */
export function sharedBooks(clock: Clock): { connect: () => Store } {
  const books = createMemoryBooks()
  return { connect: () => ({ ...openMemoryStore({ clock, books }) }) }
}
