import type { Effect } from '../books.ts'
import type { Fault, FaultKind } from '../plan.ts'
import type { Store } from '../../src/store/store.ts'

/** The database of a run, and what can be done to it. */
export interface Backend {
  readonly hosts: readonly string[]
  /** The faults that it can suffer. */
  readonly kinds: readonly FaultKind[]
  /** Where the processes of a host find it. */
  urlFor(host: string): string
  /** By how much its clock is ahead of this host's monotonic one. */
  clockOffsetMs(): Promise<number>
  /** Begins a fault of its own kinds. Returns what ends it. */
  suffer(fault: Fault, host: string): Promise<() => Promise<void>>
  /** The books, past every fault. */
  open(): Promise<Store>
  readEffects(): Promise<readonly Effect[]>
  close(): Promise<void>
}
