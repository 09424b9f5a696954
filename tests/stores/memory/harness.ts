import type { Store } from '../../../src/store/store.ts'
import type { MemoryBooks } from '../../../src/stores/memory/books.ts'
import { createMemoryBooks } from '../../../src/stores/memory/books.ts'
import { openMemoryStore } from '../../../src/stores/memory/store.ts'
import type { StoreHarness } from '../../conformance/harness.ts'

export function memoryHarness(): StoreHarness {
  const opened = new Map<Store, MemoryBooks>()
  const open = (clock: { now(): number }, books: MemoryBooks): Store => {
    const store = openMemoryStore({ clock, books })
    opened.set(store, books)
    return store
  }
  return {
    name: 'memory',
    open: async clock => open(clock, createMemoryBooks()),
    openBeside: async (store, clock) => open(clock, opened.get(store)!),
    assertNoLeaks: async () => {
      for (const store of opened.keys()) await store.close()
      const left = [...opened.values()].reduce((count, books) => count + books.connections.size, 0)
      opened.clear()
      if (left > 0) throw new Error(`${left} connections to memory books were left open.`)
    }
  }
}
