import type { ChangeOptions } from '../../core/access/by.ts'
import type { LedgerRow, LedgerView } from '../../core/schedule/ledger.ts'
import { checkOptions } from '../../core/options/options.ts'
import type { PutOptions, ScheduleToPut } from '../../core/schedule/run-time/put-options.ts'
import type { UpdateOptions } from '../../core/schedule/run-time/update-options.ts'
import type { PutAnswer } from '../../operations/schedule-writer.ts'
import {
  changeDoor,
  type LedgerOptions,
  ledgerDoor,
  type PauseOptions,
  pauseDoor,
  type RemoveOptions,
  removeDoor
} from '../doors.ts'
import { type ScheduleView, viewOf, viewOfRow, viewsOfAll } from '../views.ts'
import type { Caller } from './caller.ts'
import type { RunTimeSchedules } from './run-time-schedules.ts'

/**
 * `escapement.schedules`.
 *
 * @example
 * ```ts
 * await app.schedules.pause('nightly-report')
 * for (const { id, phase, nextFireAt } of await app.schedules.list()) console.log(id, phase, nextFireAt)
 * ```
 */
export class ScheduleCalls {
  readonly #caller: Caller
  readonly #runTime: RunTimeSchedules

  constructor(caller: Caller, runTime: RunTimeSchedules) {
    this.#caller = caller
    this.#runTime = runTime
  }

  /**
   * Creates a schedule at run time, or gives it another definition. It belongs to the calls of this app: no deployment
   * changes it or takes it for an orphan. The same definition again writes nothing, so a call whose result was lost may
   * be repeated. A changed one first decides what is due under the old one; a paused schedule stays paused, and a removed one
   * comes back. Options and payload are read within the call; a trigger without a time zone takes the default one now.
   *
   * @example
   *   await escapement.schedules.put(`digest-${customer.id}`, {
   *     task: digest,
   *     trigger: cron('30 7 * * *', { timezone: customer.timezone }),
   *     payload: { customerId: customer.id }
   *   })
   *
   * @throws EscapementError `schedule-refused` for an id that code or another app owns, or that was removed for good;
   * what `schedule()` throws; `task-unknown`
   */
  put<Input>(id: string, options: PutOptions<Input>, change: ChangeOptions = {}): Promise<PutAnswer> {
    return this.#runTime.put(id, options, change)
  }

  /**
   * Puts many schedules, and returns the results in their order. All are checked before the first is written. Then 1,000
   * at a time are one read and one write. If a later batch fails, the earlier ones stay; what is refused does not stop
   * the others, and is thrown at the end. Putting all again is safe. The first 1,000 are read within the call; don't
   * change the others until it has resolved.
   *
   * @throws EscapementError as `put` does
   */
  putMany<Input>(schedules: readonly ScheduleToPut<Input>[], change: ChangeOptions = {}): Promise<PutAnswer[]> {
    return this.#runTime.putMany(schedules, change)
  }

  /**
   * Changes what is given of a schedule that `put` made, and nothing else. What is due is first decided under the old
   * definition. A new payload needs the task in this process, whose schema has to take it.
   *
   * @throws EscapementError `schedule-unknown`; `schedule-refused` for a schedule of code or of another app;
   * `task-unknown`; what `schedule()` throws
   */
  update(id: string, options: UpdateOptions, change: ChangeOptions = {}): Promise<PutAnswer> {
    return this.#runTime.update(id, options, change)
  }

  /** All schedules except removed ones, in the order of their ids. */
  list(): Promise<ScheduleView[]> {
    return this.#caller.use(({ store }) => viewsOfAll(store, this.#caller.tasks))
  }

  /** Undefined if there is none, or if it was removed. */
  async get(id: string): Promise<ScheduleView | undefined> {
    const { schedules } = await this.#caller.use(({ store }) => store.readSchedules([id]))
    const read = schedules[0]
    return read === undefined || read.state.phase === 'removed' ? undefined : viewOf(read, this.#caller.tasks)
  }

  /**
   * Nothing fires until it is resumed. Fire times meanwhile are recorded as `paused`. A deployment does not resume it.
   *
   * @throws EscapementError `schedule-unknown`, `options-invalid`
   */
  async pause(id: string, options: PauseOptions = {}): Promise<void> {
    checkOptions('schedules.pause()', options, pauseDoor)
    const asked = { ...options }
    await this.#caller.operate(operator => operator.pause(id, asked))
  }

  /** It fires again, from now on. @throws EscapementError `schedule-unknown` */
  async resume(id: string, options: ChangeOptions = {}): Promise<void> {
    checkOptions('schedules.resume()', options, changeDoor)
    const asked = { ...options }
    await this.#caller.operate(operator => operator.resume(id, asked))
  }

  /** One job now, in addition to the fire times. @throws EscapementError `schedule-overlapping`, `schedule-unknown` */
  async runNow(id: string, options: ChangeOptions = {}): Promise<{ jobId: string }> {
    checkOptions('schedules.runNow()', options, changeDoor)
    const asked = { ...options }
    return this.#caller.operate(operator => operator.runNow(id, asked))
  }

  /**
   * The schedule fires no more. The next start of code that names it brings it back, unless it is removed `forGood`.
   * Removing it again without `forGood` lets the next start bring it back.
   */
  async remove(id: string, options: RemoveOptions = {}): Promise<void> {
    checkOptions('schedules.remove()', options, removeDoor)
    const asked = { ...options }
    await this.#caller.operate(operator => operator.remove(id, asked))
  }

  /**
   * Undoes what a clock that ran ahead decided about future fire times; a running scheduler does so by itself. Resolves
   * with how many are undecided again, and how many have fired and stay so.
   *
   * @throws EscapementError `schedule-unknown`
   */
  async reset(id: string, options: ChangeOptions = {}): Promise<{ undecided: number; stayFired: number }> {
    checkOptions('schedules.reset()', options, changeDoor)
    const asked = { ...options }
    const { undecided, stayFired } = await this.#caller.operate(operator => operator.reset(id, asked))
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
