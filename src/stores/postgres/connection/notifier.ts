import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Statement } from '../sql.ts'

/** PostgreSQL lets one commit with a NOTIFY through at a time: a busy process sends at most 200 per second. */
const APART_MS = 5
const NOTIFY: Statement = { name: 'notify', text: 'SELECT pg_notify($1, $2)' }

export interface NotifierOptions {
  readonly database: Database
  readonly channel: string
  /** Sent with every wake, so that a store does not wake itself. */
  readonly ownId: string
}

/**
 * Tells the other processes that something was written: after the commit and apart from it. The first wake is sent at
 * once; those of the next few milliseconds share one. A failed wake is lost: every process also polls.
 */
export class Notifier {
  readonly #options: NotifierOptions
  #isWanted = false
  #isAtWork = false

  constructor(options: NotifierOptions) {
    this.#options = options
  }

  notify(): void {
    this.#isWanted = true
    if (!this.#isAtWork) void this.#work()
  }

  async #work(): Promise<void> {
    const { database, channel, ownId } = this.#options
    this.#isAtWork = true
    while (this.#isWanted) {
      this.#isWanted = false
      const sent = database.query(NOTIFY, [channel, ownId]).catch(() => undefined)
      await Promise.all([sent, sleep(APART_MS, undefined, { ref: false })])
    }
    this.#isAtWork = false
  }
}
