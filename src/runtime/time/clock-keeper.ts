import type { Clock } from '../../clock/clock.ts'
import { type ClockReading, contradicts, HOLD_MS, JUMP_TOLERANCE_MS } from '../../core/clock-trust.ts'
import type { NodeState } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import { ClockBelief, type ClockFound } from './clock-belief.ts'
import { SteadyClock } from './steady-clock.ts'
import type { Emitter } from '../events/emitter.ts'
import { undecideAhead } from '../schedules/undecider.ts'

/** How often a process compares the store's clock with its own monotonic one, whatever else it does. */
const LOOK_EVERY_MS = 2_000
/** While a time is held, and while another node seems to know better. */
export const HELD_LOOK_MS = 1_000
/** Others may have been wrong, and be gone. */
const FIX_EVERY_MS = 300_000

export interface ClockKeeperOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly timezoneData: string
  /** The node's identity now. */
  readonly nodeId: () => string
  readonly leaseTtlMs: number
}

/**
 * Keeps a process from acting on a clock that lies, and fixes what was written under one that did (rule 21). Decisions are
 * made at a time that is believed only; what was decided beyond it is taken back, but for what fired.
 */
export class ClockKeeper {
  readonly #options: ClockKeeperOptions
  /** Of the store's clock; where that is this process's own and steady, what the clock itself believes. */
  readonly #belief: ClockBelief
  readonly #isSteady: boolean
  #hasBegun = false
  /** What a first look showed is contradicted by other nodes: monotonic. */
  #doubtedUntil = Number.NEGATIVE_INFINITY
  readonly #seen = new Map<string, { readonly counter: number; readonly since: number }>()
  #fixAt = Number.POSITIVE_INFINITY
  #hasJumped = false
  #fixing: Promise<boolean> | undefined
  #changed: () => void = () => undefined

  constructor(options: ClockKeeperOptions) {
    this.#options = options
    const { clock, store } = options
    this.#isSteady = store.traits.clock === 'process' && clock instanceof SteadyClock
    this.#belief = this.#isSteady ? (clock as SteadyClock).belief : new ClockBelief()
    this.#belief.onFound(found => this.#announce(found))
  }

  /** Calls the listener when there may be something to decide that there was not before. */
  onChanged(listener: () => void): void {
    this.#changed = listener
  }

  /** One look by itself. Answers after how many milliseconds the next is due. */
  async step(): Promise<number> {
    const isBelieved = await this.isBelieved()
    if (isBelieved && (await this.fix())) this.#changed()
    return isBelieved ? LOOK_EVERY_MS : HELD_LOOK_MS
  }

  /** Whether what the store's clock shows now may be acted on. */
  async isBelieved(): Promise<boolean> {
    return this.believes(await this.timed(async () => ({ now: await this.#options.store.now() })))
  }

  /** A read that answers the store's time, and when it was made. */
  async timed<T extends { readonly now: number }>(
    read: () => Promise<T>
  ): Promise<ClockReading & { readonly read: T }> {
    const { clock } = this.#options
    const askedAt = clock.monotonic()
    const answer = await read()
    return { read: answer, at: answer.now, askedAt, answeredAt: clock.monotonic() }
  }

  /** Whether this time of the store may be acted on. */
  async believes(reading: ClockReading): Promise<boolean> {
    if (!this.#hasBegun) await this.#begin(reading)
    if (!this.#isSteady) this.#belief.look(reading)
    return (this.#isSteady || !this.#belief.isHeld) && reading.askedAt >= this.#doubtedUntil
  }

  /** Takes back what was decided ahead of now, where that is due. Answers whether anything was. */
  async fix(): Promise<boolean> {
    if (this.#options.clock.monotonic() < this.#fixAt) return false
    this.#fixing ??= this.#fix().finally(() => (this.#fixing = undefined))
    return this.#fixing
  }

  async #begin(reading: ClockReading): Promise<void> {
    const { store, nodeId, leaseTtlMs } = this.#options
    this.#hasBegun = true
    const others = (await store.listNodes()).filter(({ id }) => id !== nodeId())
    this.#living(others)
    const known = others.map(({ phase, renewedAt }) => ({ isAlive: phase === 'alive', renewedAt }))
    if (contradicts(known, reading.at, leaseTtlMs)) this.#doubtedUntil = reading.answeredAt + HOLD_MS
    this.#fixAt = reading.answeredAt + HOLD_MS
  }

  async #hasten(): Promise<number> {
    const { store, events } = this.#options
    const count = await store.hastenJobs(JUMP_TOLERANCE_MS)
    if (count > 0) events.emit('jobs.hastened', { count })
    return count
  }

  /** Those that were not seen to stand still for as long as a time is held: they count as alive in the books, and need not be. */
  #living(nodes: readonly NodeState[]): NodeState[] {
    const now = this.#options.clock.monotonic()
    return nodes.filter(({ id, counter }) => {
      const seen = this.#seen.get(id)
      if (seen?.counter === counter) return now - seen.since < HOLD_MS
      this.#seen.set(id, { counter, since: now })
      return true
    })
  }

  #announce({ verdict, jumpMs }: ClockFound): void {
    const { events, nodeId, clock } = this.#options
    const nodeIdNow = nodeId()
    // What it was shown first was not for long.
    if (this.#doubtedUntil > clock.monotonic()) this.#doubtedUntil = clock.monotonic() + HOLD_MS
    if (verdict === 'jumped') return events.emit('clock.jumped', { nodeId: nodeIdNow, byMs: jumpMs })
    events.emit('clock.settled', {
      nodeId: nodeIdNow,
      byMs: jumpMs,
      outcome: verdict === 'believed' ? 'believed' : 'returned'
    })
    // Others may have believed what this one has held.
    this.#hasJumped = true
    this.#fixAt = clock.monotonic()
    this.#changed()
  }

  async #fix(): Promise<boolean> {
    const { store, clock, nodeId } = this.#options
    const nodes = await store.listNodes()
    const others = nodes.filter(({ id, phase }) => id !== nodeId() && phase === 'alive')
    const now = await store.now()
    // A node that lives knows a later time than this one: nobody knows which is right.
    if (this.#living(others).some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)) {
      this.#fixAt = clock.monotonic() + HELD_LOOK_MS
      return false
    }
    const { written, isAll } = await undecideAhead(this.#options)
    // To look at all jobs that wait costs more: only where a clock is known to have been wrong.
    const wasAhead = written > 0 || nodes.some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)
    const hastened = this.#hasJumped || wasAhead ? await this.#hasten() : 0
    this.#hasJumped = false
    this.#fixAt = clock.monotonic() + (isAll ? FIX_EVERY_MS : HELD_LOOK_MS)
    return written > 0 || hastened > 0
  }
}
