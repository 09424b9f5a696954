import type { Clock } from '../clock/clock.ts'
import type { HeldAttempt, NodeRecord } from '../store/nodes.ts'
import type { Store } from '../store/store.ts'
import type { Gatherer } from './counts/gatherer.ts'

export interface MembershipOptions {
  readonly store: Store
  readonly clock: Clock
  readonly leaseTtlMs: number
  readonly renewEveryMs: number
  readonly newId: () => string
  /** What the renewals report. */
  readonly gatherer: Gatherer
  /** The node as it is registered, with a new identity each time. */
  readonly record: (id: string) => NodeRecord
  /** The identity is in the books, and may claim from now on. Claims of an unknown identity can be rescued at once. */
  readonly onJoined: () => void
  /** Called after each renewal with what the store thinks this node holds. */
  readonly onHeld: (held: readonly HeldAttempt[]) => void
  /** The lease is lost: nothing of the old identity may continue. Resolves when the new one may join. */
  readonly onLost: (lostId: string) => Promise<void>
}

/**
 * This process among the nodes: joins, renews, and knows by its own monotonic clock when it can no longer be sure that
 * others count on it. The deadline starts at the beginning of the last successful renewal (rule 6).
 */
export class Membership {
  readonly #options: MembershipOptions
  #id: string
  #isMember = false
  #deadlineAt = Number.POSITIVE_INFINITY
  #disarm: (() => void) | undefined
  #losing: Promise<void> | undefined

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#id = options.newId()
  }

  get id(): string {
    return this.#id
  }

  async join(): Promise<void> {
    const { store, clock, record, gatherer, onJoined } = this.#options
    const startedAt = clock.monotonic()
    await store.join(record(this.#id))
    this.#isMember = true
    gatherer.start()
    this.#extend(startedAt)
    onJoined()
  }

  /** Renews once, and replaces a lost identity. Resolves with the milliseconds until the next renewal. */
  async renew(): Promise<number> {
    const { store, clock, renewEveryMs, gatherer, onHeld } = this.#options
    await this.#losing
    if (clock.monotonic() >= this.#deadlineAt) await this.#lose()
    if (!this.#isMember) await this.join()
    const startedAt = clock.monotonic()
    const id = this.#id
    const report = gatherer.report()
    const renewal = await store.renew(id, report)
    if (id !== this.#id) return 0
    if (renewal.phase === 'lost') {
      await this.#lose()
      return 0
    }
    if (report !== undefined) gatherer.confirm(report)
    this.#extend(startedAt)
    onHeld(renewal.held)
    return renewEveryMs
  }

  /**
   * Writes what was counted. `stay`: handlers still run, so the identity is left to expire; only then are their jobs
   * rescued.
   */
  async leave({ stay }: { stay: boolean }): Promise<void> {
    this.#disarm?.()
    this.#deadlineAt = Number.POSITIVE_INFINITY
    const { store, gatherer } = this.#options
    const wasMember = this.#isMember
    this.#isMember = false
    gatherer.stop()
    const report = gatherer.report()
    if (wasMember && report !== undefined) await store.renew(this.#id, report)
    if (wasMember && !stay) await store.leave(this.#id)
  }

  #extend(startedAt: number): void {
    const { clock, leaseTtlMs } = this.#options
    this.#disarm?.()
    this.#deadlineAt = startedAt + leaseTtlMs
    const restMs = Math.max(0, this.#deadlineAt - clock.monotonic())
    this.#disarm = clock.after(restMs, () => void this.#lose())
  }

  #lose(): Promise<void> {
    this.#losing ??= this.#becomeAnother().finally(() => {
      this.#losing = undefined
    })
    return this.#losing
  }

  async #becomeAnother(): Promise<void> {
    const lostId = this.#id
    this.#disarm?.()
    this.#isMember = false
    this.#deadlineAt = Number.POSITIVE_INFINITY
    this.#id = this.#options.newId()
    await this.#options.onLost(lostId)
  }
}
