import type { StoreKind } from '../../store/kind.ts'

export interface MemoryAddress {
  readonly kind: 'memory'
}

export const memoryKind: StoreKind<MemoryAddress> = {
  schemes: ['memory'],
  examples: ['"memory:"'],
  reach: 'process',
  settings: [],
  clock: 'process',
  read: url => (/^memory:(\/\/)?$/i.test(url) ? { kind: 'memory' } : undefined),
  shown: () => 'memory:',
  location: () => 'memory',
  key: () => undefined,
  open: async (_, { clock }) => {
    const { openMemoryStore } = await import('./store.ts')
    return openMemoryStore({ clock })
  }
}
