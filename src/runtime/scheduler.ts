import { decide, type Decision, type DecisionContext } from '../core/decide.ts'
import type { ReadSchedule, ScheduleWrite } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import type { Emitter } from './emitter.ts'

/** Asleep for no longer than this, so that a clock that jumped or a wake that got lost is noticed. */
const LONGEST_SLEEP_MS = 60_000
const READ_AT_ONCE = 500
const WRITE_AT_ONCE = 100
/** A schedule that this release cannot decide is tried again after so long, and holds up no other. */
const RETRY_UNDECIDABLE_MS = 5_000

export interface SchedulerOptions {
  readonly store: Store
  readonly events: Emitter
  readonly timezoneData: string
  /** The node's identity now. */
  readonly nodeId: () => string
  /** In [0, 1). */
  readonly random: () => number
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

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** Decides all that is due. Answers after how many milliseconds something will be due again. */
  async tick(): Promise<number> {
    this.#undecidable = 0
    for (;;) {
      const { now, schedules } = await this.#options.store.dueSchedules(READ_AT_ONCE)
      const written = await this.#decideAll(this.#rotated(schedules), now)
      // With nothing written others were faster with all of it: what they left is read at the next step.
      if (schedules.length < READ_AT_ONCE || written === 0) return this.#restMs()
    }
  }

  async #decideAll(schedules: readonly ReadSchedule[], now: number): Promise<number> {
    let written = 0
    for (let start = 0; start < schedules.length; start += WRITE_AT_ONCE)
      written += await this.#decideSome(schedules.slice(start, start + WRITE_AT_ONCE), now)
    return written
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
    return written
  }

  #decideOne(read: ReadSchedule, now: number): ScheduleWrite | undefined {
    const { events, timezoneData, nodeId } = this.#options
    const context: DecisionContext = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
    try {
      return writeOf(read, decide(read.state, context))
    } catch (cause) {
      this.#undecidable++
      const error = cause instanceof Error ? cause : new Error(String(cause))
      events.emit('schedule.undecidable', { scheduleId: read.state.id, error })
      return undefined
    }
  }

  /** Each scheduler begins at another place of what is due, so that they meet less often. */
  #rotated(schedules: readonly ReadSchedule[]): readonly ReadSchedule[] {
    if (schedules.length <= WRITE_AT_ONCE) return schedules
    const start = Math.floor(this.#options.random() * schedules.length)
    return [...schedules.slice(start), ...schedules.slice(0, start)]
  }

  async #restMs(): Promise<number> {
    const { store } = this.#options
    const nextAt = await store.nextDueAt()
    if (nextAt === undefined) return LONGEST_SLEEP_MS
    const soonest = this.#undecidable > 0 ? RETRY_UNDECIDABLE_MS : 0
    return Math.min(LONGEST_SLEEP_MS, Math.max(soonest, nextAt - (await store.now())))
  }
}
