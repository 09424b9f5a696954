import type { Clock } from '../../src/clock/clock.ts'
import type { Store } from '../../src/store/store.ts'
import type { ManualClock } from '../../src/testing/manual-clock.ts'

/** What a store brings so that the suite can try it. */
export interface StoreHarness {
  /** For people: "memory", "sqlite (file)". */
  readonly name: string
  /** A fresh, migrated, empty database with one connection. */
  open(clock: Clock): Promise<Store>
  /** A further connection on the same database. */
  openBeside(store: Store, clock: Clock): Promise<Store>
  /** Called after every test: closes everything that was opened, and throws if something was left open that close() should have ended. */
  assertNoLeaks(): Promise<void>
  /** Tests that this store can't pass, by name, and why. A name that no test has is a failure. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[]
}

/** What a test finds set up. */
export interface Setting {
  readonly clock: ManualClock
  readonly store: Store
  /** A further connection on the same database. */
  readonly beside: () => Promise<Store>
}

/** Where the topic files put their tests. */
export interface Suite {
  readonly test: (name: string, body: (setting: Setting) => Promise<void>) => void
}
