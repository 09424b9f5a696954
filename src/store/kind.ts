import type { Store } from './store.ts'

/** Where books are, as the settings keep it. */
export interface StoreAddress {
  readonly kind: string
}

/** What an address is read with. */
export interface AddressContext {
  /** What an error speaks of. */
  readonly setting: string
  /** For books in a schema of a database. */
  readonly schema: string
  /** Connections of a process at the most. */
  readonly poolSize: number
  /** The database's address past a pooler. */
  readonly listenUrl: string | undefined
}

export interface OpenOptions {
  readonly clock: {
    now(): number
    monotonic(): number
    sleep(ms: number, signal?: AbortSignal): Promise<void>
    after(ms: number, callback: () => void): () => void
  }
  readonly synchronous: 'normal' | 'full'
  readonly leaseTtlMs: number
  /** Gives up a database that does not answer. */
  readonly signal?: AbortSignal | undefined
}

/** One migration as a person is shown it; times in epoch milliseconds. */
export interface MigrationState {
  /** 0: routines that are to be made anew, which have no number. */
  readonly number: number
  readonly name: string
  /** Undefined: it is still to be applied. */
  readonly appliedAt: number | undefined
}

/**
 * All that the rest has to know of a kind of store before it is opened. A further store is one folder of `src/stores`,
 * with its kind in `kind.ts`, and one row of `src/stores/store-kinds.ts`. What is heavy is imported by what needs it:
 * who works on one store loads none of the others.
 */
export interface StoreKind<Address extends StoreAddress> {
  /** In small letters, without the colon. */
  readonly schemes: readonly string[]
  /** Addresses of it, as people may write them. */
  readonly examples: readonly string[]
  /** Who can see its books: their process alone, the processes of one host, or many hosts. */
  readonly reach: 'process' | 'host' | 'network'
  /** Whose clock decides what is due. */
  readonly clock: 'process' | 'database'
  /**
   * Undefined: it is none.
   *
   * @throws EscapementError `config-invalid`, with more to say
   */
  readonly read: (url: string, context: AddressContext) => Address | undefined
  /** As it may be shown: without passwords, and without parameters, which may be some. */
  readonly shown: (address: Address) => string
  /** Where the books are, for people. */
  readonly location: (address: Address) => string
  /** The same for the same books; undefined: each who opens it has books of its own. */
  readonly key: (address: Address) => string | undefined
  /** Connections that one process opens at the most. */
  readonly connections?: (address: Address) => number
  /**
   * A lock file next to the books, by whatever links they are found; who has none decides about seats in the books by
   * default.
   */
  readonly lockPath?: (address: Address) => Promise<string>
  readonly open: (address: Address, options: OpenOptions) => Promise<Store>
  /** Whether an app, or "escapement migrate", has made the books. */
  readonly exists: (address: Address) => Promise<boolean>
  /** What was applied, and what is still to be. Makes nothing, and changes nothing. */
  readonly inspect: (address: Address, clock: OpenOptions['clock']) => Promise<readonly MigrationState[]>
  readonly migrate: (address: Address, clock: OpenOptions['clock']) => Promise<readonly MigrationState[]>
  /** The statements of the migrations after this number, for people who run them by hand. */
  readonly migrationSql?: (address: Address, after: number | undefined) => Promise<string>
}
