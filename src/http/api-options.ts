import type { Clock } from '../clock/clock.ts'
import type { ApiWrites } from './api-writes.ts'
import type { Operator } from '../operations/operator.ts'
import type { Store } from '../store/store.ts'
import type { ProcessFacts } from './process-facts.ts'

export interface ApiOptions {
  /** Lets one request use the books. */
  readonly use: <T>(use: (books: ApiBooks) => Promise<T>) => Promise<T>
  /** The same for a change, after which this process is woken. */
  readonly operate: <T>(change: (books: ApiBooks) => Promise<T>) => Promise<T>
  /** What needs the tasks of this process. */
  readonly writes: ApiWrites
  readonly clock: Clock
  readonly process: ProcessFacts
  /** Whether the Redis server of the settings responds; null: none is set. */
  readonly redis: () => Promise<boolean | null>
  /** The schedules that have to succeed within a time, in milliseconds, by their ids: metrics say so. */
  readonly successWithin: ReadonlyMap<string, number>
  /** The configured token. Undefined: only those of the books are taken. */
  readonly token: string | undefined
  readonly newId: () => string
  /** `health`: the health check only, as if there were no other path. */
  readonly serves: 'all' | 'health'
  /** Receives the errors behind a status 500, whose text callers don't get. */
  readonly report: (error: Error, request: { readonly method: string; readonly path: string }) => void
}

export interface ApiBooks {
  readonly store: Store
  /** The store's time. */
  readonly clock: { now(): number }
  readonly operator: Operator
}
