import { setImmediate as nextTurn } from 'node:timers/promises'
import { isEscapementError } from '../../core/errors.ts'
import { decide, type DecisionContext } from '../../core/schedule/decide.ts'
import type { ScheduleState } from '../../core/schedule/schedule.ts'
import { isNewerData } from '../../core/trigger/timezone-data.ts'
import { errorOf } from '../../core/job/thrown.ts'
import { type ReadSchedule, type ScheduleWrite, writeOf } from '../../store/schedules.ts'
import type { Held } from '../../store/sparing.ts'
import type { Store } from '../../store/store.ts'
import { type ClockKeeper, HELD_LOOK_MS } from '../time/clock-keeper.ts'
import type { Gatherer } from '../counts/gatherer.ts'
import type { Emitter } from '../events/emitter.ts'

/** Sleeps no longer than this, so that a clock that jumped or a lost wake is noticed. */
const MAX_SLEEP_MS = 60_000
const READ_AT_ONCE = 500
/** What is read is written in parts, in parallel. */
const WRITE_AT_ONCE = 125
/**
 * A schedule that this process cannot decide or write, or leaves to others, stays the next due one and hides the fire
 * times behind it. While there is one, the scheduler looks this often, so that no other fire time is later than that.
 */
const LOOK_PAST_UNDECIDED_MS = 500
const LOOK_PAST_HELD_MS = 100

/** How long fire times computed with newer time-zone data are left to the nodes that have it. */
const NEWER_DATA_PATIENCE_MS = 3_000

type Written = 'written' | 'conflict' | Held

export interface SchedulerOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  /** The node's current identity. */
  readonly nodeId: () => string
  /** In [0, 1). */
  readonly random: () => number
  readonly gatherer?: Pick<Gatherer, 'decided'> | undefined
  /** Says at which times of the store decisions are allowed. Undefined: at all. */
  readonly keeper?: ClockKeeper | undefined
}

/** Decides fire times as they become due. Any number may run at once: the books let one of them through. */
export class Scheduler {
  readonly #options: SchedulerOptions
  #undecided = 0
  /** Schedules that a transaction of others held at their last write. They are written apart from the others. */
  #held: ReadonlySet<string> = new Set()
  /** Others decide what this one reads: it starts at a random point in what is due, so that they meet less often. */
  #isContended = false
  /** Revisions of schedules that could not be decided, and were reported. */
  readonly #warnedUndecidable = new Map<string, number>()
  /** Revision and id of the schedule whose write failed last on its own. */
  #failedAlone: string | undefined
  #written: () => void = () => undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Calls the listener when decisions were written, which may have created jobs. */
  onWritten(listener: () => void): void {
    this.#written = listener
  }

  /** Decides all that is due. Resolves with the milliseconds until something is due again. */
  async tick(): Promise<number> {
    const { store, random } = this.#options
    this.#undecided = 0
    const held = new Set<string>()
    for (;;) {
      const read = await this.#believed(() => store.dueSchedules(READ_AT_ONCE, this.#isContended ? random() : 0))
      if (read === undefined) return HELD_LOOK_MS
      const { now, schedules } = read
      const written = await this.#decideAll(schedules, now, held)
      const isAll = schedules.length < READ_AT_ONCE
      const isOvertaken = written < schedules.length
      this.#isContended = isOvertaken || (this.#isContended && !isAll)
      // Nothing written: others were faster with all of it. The next step reads what they left.
      if (isAll || written === 0) {
        this.#held = held
        return this.#restMs()
      }
    }
  }

  /** Undefined: the time of the read is not believed. */
  async #believed<T extends { readonly now: number }>(look: () => Promise<T>): Promise<T | undefined> {
    const { keeper } = this.#options
    if (keeper === undefined) return look()
    const { read, ...reading } = await keeper.timed(look)
    if (!(await keeper.believes(reading))) return undefined
    return (await keeper.fix()) ? look() : read
  }

  /** Resolves with how many were written. Adds to `held` those that others hold. */
  async #decideAll(schedules: readonly ReadSchedule[], now: number, held: Set<string>): Promise<number> {
    const writing: Promise<number>[] = []
    const isHeld = ({ state }: ReadSchedule): boolean => this.#held.has(state.id)
    const free = this.#held.size === 0 ? schedules : schedules.filter(read => !isHeld(read))
    const parts = free.length === schedules.length ? [] : [schedules.filter(isHeld)]
    for (let start = 0; start < free.length; start += WRITE_AT_ONCE)
      parts.push(free.slice(start, start + WRITE_AT_ONCE))
    for (const part of parts) {
      // Earlier parts are written meanwhile. If one fails, it is reported when all have been decided.
      if (writing.length > 0) await nextTurn()
      const write = this.#decideSome(part, now, held)
      write.catch(() => undefined)
      writing.push(write)
    }
    const written = await Promise.all(writing)
    return written.reduce((sum, count) => sum + count, 0)
  }

  async #decideSome(schedules: readonly ReadSchedule[], now: number, held: Set<string>): Promise<number> {
    const { events, gatherer } = this.#options
    const writes = schedules.map(read => this.#decideOne(read, now)).filter(write => write !== undefined)
    const answers = await this.#write(writes, writes.length === 1)
    let written = 0
    writes.forEach((write, index) => {
      if (answers[index] === 'held') held.add(write.state.id)
      if (answers[index] !== 'written') return
      written++
      gatherer?.decided(write.ledger)
      if (events.hears('schedule.decided'))
        events.emit('schedule.decided', { scheduleId: write.state.id, rows: write.ledger })
    })
    if (written > 0) this.#written()
    return written
  }

  /** Halves a batch that fails because of one schedule, until that one is alone and is reported. */
  async #write(writes: readonly ScheduleWrite[], isOnlyOne: boolean): Promise<readonly (Written | undefined)[]> {
    const { store } = this.#options
    try {
      return await (store.sparing ?? store).writeSchedules(writes)
    } catch (error) {
      if (isEscapementError(error) || writes.length === 0) throw error
      const [alone, second] = writes
      if (second === undefined) {
        const { id, revision } = alone!.state
        const isFirst = this.#failedAlone !== `${revision} ${id}`
        this.#failedAlone = `${revision} ${id}`
        // With nothing to compare it with, the fault may be the store's.
        if (isOnlyOne && isFirst) throw error
        this.#tellUndecidable(alone!.state, error)
        return [undefined]
      }
    }
    const middle = writes.length >> 1
    const first = await this.#write(writes.slice(0, middle), false)
    return [...first, ...(await this.#write(writes.slice(middle), false))]
  }

  #decideOne(read: ReadSchedule, now: number): ScheduleWrite | undefined {
    const { timezoneData, nodeId } = this.#options
    if (isForNewerData(read, timezoneData, now)) {
      this.#undecided++
      return undefined
    }
    const context: DecisionContext = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
    try {
      return writeOf(read, decide(read.state, context))
    } catch (cause) {
      this.#tellUndecidable(read.state, cause)
      return undefined
    }
  }

  #tellUndecidable({ id, revision }: ScheduleState, cause: unknown): void {
    this.#undecided++
    if (this.#warnedUndecidable.get(id) === revision) return
    this.#warnedUndecidable.set(id, revision)
    const error = errorOf(cause)
    this.#options.events.emit('schedule.undecidable', { scheduleId: id, error })
  }

  async #restMs(): Promise<number> {
    const { store } = this.#options
    const nextAt = await store.nextDueAt()
    if (nextAt === undefined) return MAX_SLEEP_MS
    const soonest = this.#held.size > 0 ? LOOK_PAST_HELD_MS : this.#undecided > 0 ? LOOK_PAST_UNDECIDED_MS : 0
    return Math.min(MAX_SLEEP_MS, Math.max(soonest, nextAt - (await store.now())))
  }
}

/** True while nodes with newer data may live: older data would decide another fire time than the one that is due. */
function isForNewerData({ state }: ReadSchedule, timezoneData: string, now: number): boolean {
  const { timezoneData: computedUnder, nextFireAt } = state
  if (computedUnder === undefined || !isNewerData(computedUnder, timezoneData)) return false
  return nextFireAt !== undefined && now - nextFireAt < NEWER_DATA_PATIENCE_MS
}
