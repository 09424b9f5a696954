import { setImmediate as nextTurn } from 'node:timers/promises'
import { decide, type Decision, type DecisionContext } from '../core/decide.ts'
import type { ReadSchedule, ScheduleWrite } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { type ClockKeeper, HELD_LOOK_MS } from './clock-keeper.ts'
import type { Emitter } from './emitter.ts'

/** Asleep for no longer than this, so that a clock that jumped or a wake that got lost is noticed. */
const LONGEST_SLEEP_MS = 60_000
const READ_AT_ONCE = 500
/** What is read is written in parts, side by side. */
const WRITE_AT_ONCE = 125
/**
 * A schedule that this release cannot decide stays the one that is due next, so that the fire times behind it are not
 * seen: while there is one, what is due is looked for this often, and no other is later than that.
 */
const LOOK_PAST_UNDECIDABLE_MS = 500

export interface SchedulerOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  /** The node's identity now. */
  readonly nodeId: () => string
  /** In [0, 1). */
  readonly random: () => number
  /** Says which times of the store may be decided at; left out: all. */
  readonly keeper?: ClockKeeper | undefined
}

/** What was decided on a schedule as it was read, as the write that the store compares and sets. */
export function writeOf(read: ReadSchedule | undefined, decision: Decision): ScheduleWrite {
  const { state, ledger, jobs, timeline } = decision
  return { guard: read?.state, state, ledger, jobs, timeline }
}

/** Decides fire times as they become due. Any number may run at once: the books let one of them through. */
export class Scheduler {
  readonly #options: SchedulerOptions
  #undecidable = 0
  /** Others decide what this one reads: it begins anywhere in what is due, so that they meet less often. */
  #isContended = false
  /** Revisions of schedules that could not be decided, and of which that was told. */
  readonly #toldUndecidable = new Map<string, number>()
  #written: () => void = () => undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Calls the listener when decisions were written, which may have made jobs. */
  onWritten(listener: () => void): void {
    this.#written = listener
  }

  /** Decides all that is due. Answers after how many milliseconds something will be due again. */
  async tick(): Promise<number> {
    const { store, random } = this.#options
    this.#undecidable = 0
    for (;;) {
      const read = await this.#believed(() => store.dueSchedules(READ_AT_ONCE, this.#isContended ? random() : 0))
      if (read === undefined) return HELD_LOOK_MS
      const { now, schedules } = read
      const written = await this.#decideAll(schedules, now)
      const isAll = schedules.length < READ_AT_ONCE
      const isOvertaken = written < schedules.length
      this.#isContended = isOvertaken || (this.#isContended && !isAll)
      // With nothing written others were faster with all of it: what they left is read at the next step.
      if (isAll || written === 0) return this.#restMs()
    }
  }

  /** Undefined: the time that it was read at is not believed. */
  async #believed<T extends { readonly now: number }>(look: () => Promise<T>): Promise<T | undefined> {
    const { keeper } = this.#options
    if (keeper === undefined) return look()
    const { read, ...reading } = await keeper.timed(look)
    if (!(await keeper.believes(reading))) return undefined
    return (await keeper.mend()) ? look() : read
  }

  async #decideAll(schedules: readonly ReadSchedule[], now: number): Promise<number> {
    const writing: Promise<number>[] = []
    for (let start = 0; start < schedules.length; start += WRITE_AT_ONCE) {
      // What was decided before is written meanwhile; should that fail, it is told when all have been.
      if (start > 0) await nextTurn()
      const write = this.#decideSome(schedules.slice(start, start + WRITE_AT_ONCE), now)
      write.catch(() => undefined)
      writing.push(write)
    }
    const written = await Promise.all(writing)
    return written.reduce((sum, count) => sum + count, 0)
  }

  async #decideSome(schedules: readonly ReadSchedule[], now: number): Promise<number> {
    const { store, events } = this.#options
    const writes = schedules.map(read => this.#decideOne(read, now)).filter(write => write !== undefined)
    const answers = await store.writeSchedules(writes)
    let written = 0
    writes.forEach((write, index) => {
      if (answers[index] !== 'written') return
      written++
      if (events.hears('schedule.decided'))
        events.emit('schedule.decided', { scheduleId: write.state.id, rows: write.ledger })
    })
    if (written > 0) this.#written()
    return written
  }

  #decideOne(read: ReadSchedule, now: number): ScheduleWrite | undefined {
    const { events, timezoneData, nodeId } = this.#options
    const context: DecisionContext = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
    try {
      return writeOf(read, decide(read.state, context))
    } catch (cause) {
      this.#undecidable++
      const { id, revision } = read.state
      if (this.#toldUndecidable.get(id) === revision) return undefined
      this.#toldUndecidable.set(id, revision)
      const error = cause instanceof Error ? cause : new Error(String(cause))
      events.emit('schedule.undecidable', { scheduleId: id, error })
      return undefined
    }
  }

  async #restMs(): Promise<number> {
    const { store } = this.#options
    const nextAt = await store.nextDueAt()
    if (nextAt === undefined) return LONGEST_SLEEP_MS
    const soonest = this.#undecidable > 0 ? LOOK_PAST_UNDECIDABLE_MS : 0
    return Math.min(LONGEST_SLEEP_MS, Math.max(soonest, nextAt - (await store.now())))
  }
}
