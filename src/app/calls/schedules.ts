import type { LedgerRow, LedgerView } from '../../core/schedule/ledger.ts'
import { checkOptions } from '../../core/options/options.ts'
import { type LedgerOptions, ledgerDoor, type RemoveOptions, removeDoor } from '../doors.ts'
import { type ScheduleView, viewOf, viewOfRow, viewsOfAll } from '../views.ts'
import type { Caller } from './caller.ts'

/** `escapement.schedules`. */
export class ScheduleCalls {
  readonly #caller: Caller

  constructor(caller: Caller) {
    this.#caller = caller
  }

  /** All schedules except removed ones, in the order of their ids. */
  list(): Promise<ScheduleView[]> {
    return this.#caller.use(({ store }) => viewsOfAll(store, this.#caller.tasks))
  }

  async get(id: string): Promise<ScheduleView | undefined> {
    const { schedules } = await this.#caller.use(({ store }) => store.readSchedules([id]))
    const read = schedules[0]
    return read === undefined || read.state.phase === 'removed' ? undefined : viewOf(read, this.#caller.tasks)
  }

  pause(id: string): Promise<void> {
    return this.#caller.operate(async operator => void (await operator.pause(id)))
  }

  resume(id: string): Promise<void> {
    return this.#caller.operate(async operator => void (await operator.resume(id)))
  }

  /** One job now, in addition to the fire times. @throws EscapementError `schedule-overlapping`, `schedule-unknown` */
  run(id: string): Promise<{ jobId: string }> {
    return this.#caller.operate(operator => operator.runNow(id))
  }

  /**
   * The schedule fires no more. The next start of code that names it brings it back, unless it is removed `forGood`.
   * Removing it again without `forGood` lets the next start bring it back.
   */
  async remove(id: string, options: RemoveOptions = {}): Promise<void> {
    checkOptions('schedules.remove()', options, removeDoor)
    await this.#caller.operate(operator => operator.remove(id, options))
  }

  /**
   * Undoes what a clock that ran ahead decided about future fire times; a running scheduler does so by itself. Resolves
   * with how many are undecided again, and how many have fired and stay so.
   *
   * @throws EscapementError `schedule-unknown`
   */
  async reset(id: string): Promise<{ undecided: number; stayFired: number }> {
    const { undecided, stayFired } = await this.#caller.operate(operator => operator.reset(id))
    return { undecided, stayFired }
  }

  /** The outcomes of its latest fire times, newest first; `limit` 1 to 1,000, default 20. */
  async ledger(id: string, options: LedgerOptions = {}): Promise<LedgerView[]> {
    checkOptions('schedules.ledger()', options, ledgerDoor)
    const { limit = 20 } = options
    const rows: readonly LedgerRow[] = await this.#caller.use(({ store }) => store.latestLedger(id, limit))
    return rows.map(viewOfRow)
  }
}
