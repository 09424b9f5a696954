import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { openDriver } from './driver.ts'
import { noWriteAheadLog } from '../errors.ts'
import { FileGuard } from './file-guard.ts'
import type { StoreClock } from './store-clock.ts'
import type { ForeignStatement, RecordStatement, Row, Statement } from './driver.ts'

/**
 * `normal`: what was committed survives `kill -9`, but not always a power cut. `full`: it survives both, at half the
 * speed.
 */
export type Synchronous = 'normal' | 'full'

/**
 * At this many pages in the write-ahead log, a commit copies them into the file. A higher number would make that pause
 * longer.
 */
const CHECKPOINT_PAGES = 1_000
/** The log is cut to this size after a long reader has let it grow. */
const LOG_LIMIT_BYTES = 67_108_864
const CACHE_KIB = 16_384

/**
 * SQLite 3.54 plans with the values bound to bare parameters, so it prepares a statement again at each run, which takes
 * longer than the run itself. A plus hides the value, and changes none of our plans.
 */
const withBlindParameters = (sql: string): string => sql.replaceAll('?', '+?')

/** One open database file, and its prepared statements. */
export class Connection {
  readonly file: string
  readonly #database: DatabaseSync
  #guard: FileGuard | undefined
  readonly #statements = new Map<string, Statement>()
  readonly #recordStatements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.file = file
    this.#database = openDriver(file)
  }

  /** May find the file busy while another process does the same; then call it again. */
  configure(synchronous: Synchronous): void {
    this.#useWriteAheadLog()
    this.#database.exec(`PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
    this.#database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    this.#database.exec(`PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`)
    this.#database.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
    this.#database.exec('PRAGMA temp_store = MEMORY')
  }

  /** On a file system without shared memory SQLite keeps its previous mode, and reports that only here. */
  #useWriteAheadLog(): void {
    const mode = this.prepare<[string]>('PRAGMA journal_mode = WAL').get()?.[0]
    if (mode !== 'wal' && mode !== 'memory') throw noWriteAheadLog(this.file, String(mode))
  }

  /**
   * The statement of this text, prepared at its first use. The caller declares the type of its rows. Use bare question
   * marks as parameters: Node 22.18 does not bind numbered ones by position.
   */
  prepare<R extends Row = Row>(sql: string): Statement<R> {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      const prepared = this.#database.prepare(withBlindParameters(sql))
      prepared.setReturnArrays(true)
      // The driver's types know only rows that are objects; `setReturnArrays` made them arrays.
      statement = prepared as unknown as Statement
      this.#statements.set(sql, statement)
    }
    return statement as Statement<R>
  }

  /** Like `prepare`, but rows are objects with the column names as keys: slower, and easier to read. */
  prepareRecords<R>(sql: string): RecordStatement<R> {
    let statement = this.#recordStatements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(withBlindParameters(sql))
      this.#recordStatements.set(sql, statement)
    }
    return statement as unknown as RecordStatement<R>
  }

  /** Not cached: for other people's statements, of which there may be any number. */
  prepareForeign(sql: string): ForeignStatement {
    return this.#database.prepare(sql)
  }

  /** Runs one or several statements without results. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  get isOpen(): boolean {
    return this.#database.isOpen
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction
  }

  /**
   * From now on nothing can begin unless the path still leads to the opened file. Call it after a first read, which
   * creates the log.
   */
  guardFile(clock: StoreClock): void {
    if (this.file !== ':memory:') this.#guard = new FileGuard(this.file, clock)
  }

  /** @throws EscapementError `store-unavailable` when the path leads to another file, or to none. */
  assertSame(): void {
    this.#guard?.assertSame()
  }

  begin(mode: 'IMMEDIATE' | 'DEFERRED'): void {
    this.assertSame()
    this.prepare(`BEGIN ${mode}`).run()
  }

  commit(): void {
    this.prepare('COMMIT').run()
  }

  /** After some errors SQLite rolls back by itself; then there is nothing left to do. */
  rollback(): void {
    if (this.isInTransaction) this.prepare('ROLLBACK').run()
  }

  close(): void {
    this.#statements.clear()
    this.#recordStatements.clear()
    if (this.isOpen) this.#database.close()
  }
}
