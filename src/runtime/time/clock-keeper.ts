import type { Clock } from '../../clock/clock.ts'
import { type ClockReading, contradicts, HOLD_MS, JUMP_TOLERANCE_MS } from '../../core/clock-trust.ts'
import { isAlive, type NodeState } from '../../store/nodes.ts'
import type { Store } from '../../store/store.ts'
import { ClockBelief, type ClockFound } from './clock-belief.ts'
import { SteadyClock } from './steady-clock.ts'
import type { Emitter } from '../events/emitter.ts'
import { undecideAhead } from '../schedules/undecider.ts'

/** How often a process compares the store's clock with its own monotonic one, in addition to each decision. */
const LOOK_EVERY_MS = 2_000
/** While a time is held, and while another node seems to know better. */
export const HELD_LOOK_MS = 1_000
/** Nodes that were wrong may be gone, so look this often anyway. */
const FIX_EVERY_MS = 300_000

export interface ClockKeeperOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly timezoneData: string
  /** The node's current identity. */
  readonly nodeId: () => string
  readonly leaseTtlMs: number
}

/**
 * Keeps a process from acting on a wrong clock, and fixes what was written under one (rule 21). Decisions are made only
 * at a believed time. What was decided beyond it is undone, except what fired.
 */
export class ClockKeeper {
  readonly #options: ClockKeeperOptions
  /** About the store's clock. If that is this process's own steady clock, it is the belief of that clock. */
  readonly #belief: ClockBelief
  readonly #steady: SteadyClock | undefined
  #hasBegun = false
  /** Until when the first look is doubted, since other nodes contradict it; on the monotonic clock. */
  #doubtedUntil = Number.NEGATIVE_INFINITY
  readonly #seen = new Map<string, { readonly counter: number; readonly since: number }>()
  #fixAt = Number.POSITIVE_INFINITY
  #hasJumped = false
  #fixing: Promise<boolean> | undefined
  #changed: () => void = () => undefined

  constructor(options: ClockKeeperOptions) {
    this.#options = options
    const { clock, store } = options
    this.#steady = store.traits.clock === 'process' && clock instanceof SteadyClock ? clock : undefined
    this.#belief = this.#steady?.belief ?? new ClockBelief()
    this.#belief.onFound(found => this.#announce(found))
  }

  /** Calls the listener when there may be something new to decide. */
  onChanged(listener: () => void): void {
    this.#changed = listener
  }

  /** Looks once. Resolves with the milliseconds until the next look. */
  async step(): Promise<number> {
    const isBelieved = await this.isBelieved()
    if (isBelieved && (await this.fix())) this.#changed()
    return isBelieved ? LOOK_EVERY_MS : HELD_LOOK_MS
  }

  /** Whether the store's current time may be acted on. */
  async isBelieved(): Promise<boolean> {
    return this.believes(await this.timed(async () => ({ now: await this.#options.store.now() })))
  }

  /** Does a read that returns the store's time, and notes when it was made. */
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
    if (this.#steady === undefined) this.#belief.look(reading)
    return (this.#steady !== undefined || !this.#belief.isHeld) && reading.askedAt >= this.#doubtedUntil
  }

  /** Undoes what was decided ahead of now, if that is due. Resolves with whether anything changed. */
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
    // A clock that was compared with another process's has been doubted already where that was due.
    const isDoubtful = this.#steady?.isCompared !== true && contradicts(known, reading.at, leaseTtlMs)
    if (isDoubtful) this.#doubtedUntil = reading.answeredAt + HOLD_MS
    this.#fixAt = reading.answeredAt + HOLD_MS
  }

  async #hasten(): Promise<number> {
    const { store, events } = this.#options
    const count = await store.hastenJobs(JUMP_TOLERANCE_MS)
    if (count > 0) events.emit('jobs.hastened', { count })
    return count
  }

  /**
   * Nodes that were not seen to stand still for as long as a time is held. Others may count as alive in the books and
   * be dead.
   */
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
    // The time that it was shown first did not last.
    if (this.#doubtedUntil > clock.monotonic()) this.#doubtedUntil = clock.monotonic() + HOLD_MS
    if (verdict === 'jumped') return events.emit('clock.jumped', { nodeId: nodeIdNow, byMs: jumpMs })
    events.emit('clock.settled', {
      nodeId: nodeIdNow,
      byMs: jumpMs,
      outcome: verdict === 'believed' ? 'believed' : 'returned'
    })
    // Others may have believed what this one held.
    this.#hasJumped = true
    this.#fixAt = clock.monotonic()
    this.#changed()
  }

  async #fix(): Promise<boolean> {
    const { store, clock, nodeId } = this.#options
    const nodes = await store.listNodes()
    const others = nodes.filter(node => node.id !== nodeId() && isAlive(node))
    const now = await store.now()
    // A live node knows a later time than this one: nobody knows which is right.
    if (this.#living(others).some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)) {
      this.#fixAt = clock.monotonic() + HELD_LOOK_MS
      return false
    }
    const { written, isAll } = await undecideAhead(this.#options)
    // Looking at all waiting jobs costs more: only done if a clock is known to have been wrong.
    const wasAhead = written > 0 || nodes.some(({ renewedAt }) => renewedAt > now + JUMP_TOLERANCE_MS)
    const hastened = this.#hasJumped || wasAhead ? await this.#hasten() : 0
    this.#hasJumped = false
    this.#fixAt = clock.monotonic() + (isAll ? FIX_EVERY_MS : HELD_LOOK_MS)
    return written > 0 || hastened > 0
  }
}
