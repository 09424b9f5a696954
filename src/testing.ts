import { assertNode } from './node-version.ts'
export { ManualClock } from './testing/manual-clock.ts'
export { ManualNode, type ManualNodeOptions } from './testing/manual-node.ts'
export { aDefinition, aJob } from './testing/factories.ts'
export { idSequence } from './testing/ids.ts'
export { createMemoryBooks, type MemoryBooks } from './stores/memory/books.ts'
export { type MemoryStoreOptions, openMemoryStore } from './stores/memory/store.ts'
export type { Clock } from './clock/clock.ts'
export type { NewJob } from './core/job/job.ts'

assertNode()
