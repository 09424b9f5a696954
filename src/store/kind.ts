import type { Store } from './store.ts'

/** Where books are, as read from the settings. */
export interface StoreAddress {
  readonly kind: string
}

/** What `read` needs in addition to the address. */
export interface AddressContext {
  /** The name of the setting, for errors. */
  readonly setting: string
  /** The schema, for books in a database that has schemas. */
  readonly schema: string
  /** At most this many connections per process. */
  readonly poolSize: number
  /** The database's address, past any pooler. */
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
  /** Aborts the wait for a database that does not respond. */
  readonly signal?: AbortSignal | undefined
  /** Called once if a migration waits for nodes of an earlier release that may have died without leaving. */
  readonly onOlderNodes?: ((watch: OlderNodesWatch) => void) | undefined
}

/** Nodes that a migration waits for, and for how long at most. One that turns out to be alive ends the wait at once. */
export interface OlderNodesWatch {
  /** Each with its id, host and process. */
  readonly nodes: readonly string[]
  readonly forMs: number
}

/** How a migration watches nodes of earlier releases. */
export interface WatchOptions {
  readonly leaseTtlMs?: number | undefined
  readonly onOlderNodes?: ((watch: OlderNodesWatch) => void) | undefined
}

export type MigrateOptions = Pick<OpenOptions, 'clock'> & WatchOptions

/** One migration, for people. */
export interface MigrationState {
  /** 0: routines to create again, which have no number. */
  readonly number: number
  readonly name: string
  /** Undefined: not applied yet. */
  readonly appliedAt: Date | undefined
}

/**
 * What other rooms know of a kind of store before it is opened. A new store is one folder of `src/stores`, with its
 * kind in `kind.ts`, and one row of `src/stores/store-kinds.ts`. Heavy modules are imported on first use, so that a
 * process loads only the store that it uses.
 */
export interface StoreKind<Address extends StoreAddress> {
  /** In lower case, without the colon. */
  readonly schemes: readonly string[]
  /** Addresses that people may write. */
  readonly examples: readonly string[]
  /** Who can use its books: one process, the processes of one host, or many hosts. */
  readonly reach: 'process' | 'host' | 'network'
  /** The settings that it reads: a whole group, such as "postgres", or one by its name, such as "postgres.schema". */
  readonly settings: readonly string[]
  /** Whose clock decides what is due. */
  readonly clock: 'process' | 'database'
  /**
   * Returns undefined if it is not an address of this kind.
   *
   * @throws EscapementError `config-invalid` if it is one of this kind, but wrong
   */
  readonly read: (url: string, context: AddressContext) => Address | undefined
  /** The address without secrets: without passwords, and without parameters, which may contain some. */
  readonly shown: (address: Address) => string
  /** Where the books are, for people. */
  readonly location: (address: Address) => string
  /** Equal for the same books. Undefined: each opening has its own books. */
  readonly key: (address: Address) => string | undefined
  /** How many connections one process opens at most. */
  readonly connections?: (address: Address) => number
  /**
   * A lock file next to the books, the same through any links. Without one, the books decide about seats by default.
   */
  readonly lockPath?: (address: Address) => Promise<string>
  readonly open: (address: Address, options: OpenOptions) => Promise<Store>
  /** Whether an app or "escapement migrate" has created the books. Absent, as the next two, if its reach is the process. */
  readonly exists?: (address: Address) => Promise<boolean>
  /** Lists the migrations, applied or not. Creates and changes nothing. */
  readonly inspect?: (address: Address, clock: OpenOptions['clock']) => Promise<readonly MigrationState[]>
  readonly migrate?: (address: Address, options: MigrateOptions) => Promise<readonly MigrationState[]>
  /** The statements of the migrations after this number, for people who run them by hand. */
  readonly migrationSql?: (address: Address, after: number | undefined) => Promise<string>
}
