import { AppBooks } from './books.ts'
import { appApi } from './api.ts'
import type { Caller } from './calls/caller.ts'
import { JobCalls } from './calls/jobs.ts'
import { QueueCalls } from './calls/queues.ts'
import { ScheduleCalls } from './calls/schedules.ts'
import { systemClock } from '../clock/system.ts'
import { DEFAULT_SEAT } from '../coordination/seat-name.ts'
import { EscapementError } from '../core/errors.ts'
import type { EventMap, EventName } from '../core/events.ts'
import type { Logger } from '../core/job/handler.ts'
import { checkOptions } from '../core/options/options.ts'
import type { PayloadOf, TaskName } from '../core/job/task-registry.ts'
import type { AnyTask, Task } from '../core/job/task.ts'
import * as doors from './doors.ts'
import { type Enqueued, enqueued } from './enqueued.ts'
import { newId } from '../new-id.ts'
import type { OpenBooks } from './open-books.ts'
import { openSeatBackend } from './open-seats.ts'
import { Emitter } from '../runtime/events/emitter.ts'
import type { EnqueueManyOptions, EnqueueOptions } from '../operations/enqueue-options.ts'
import { orderOf, ordersOf } from '../operations/orders.ts'
import { ResultWaits } from '../operations/results.ts'
import { host } from '../runtime/process-facts.ts'
import { type Running, runningOn } from '../runtime/running.ts'
import { Seats } from '../runtime/seats/seats.ts'
import { resolveSettings } from '../settings/resolve.ts'
import type { Role } from '../settings/kinds/roles.ts'
import type { EscapementConfig, Settings } from '../settings/settings.ts'
import type { EnqueueAnswer } from '../store/jobs.ts'
import type { SeatHolder } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import { type SeatView, viewOfSeat } from './views.ts'

/**
 * The scheduler, queue and worker of one process, on one set of books. Nothing is opened before it is needed: `enqueue`
 * and other calls work without `start()`, which begins to schedule and to run jobs.
 */
export class Escapement {
  readonly settings: Settings
  readonly schedules: ScheduleCalls
  readonly jobs: JobCalls
  readonly queues: QueueCalls
  readonly #events = new Emitter()
  readonly #callerId = newId()
  readonly #holder: SeatHolder = { id: this.#callerId, host, pid: process.pid }
  readonly #books: AppBooks
  readonly #seats: Seats
  readonly #results: ResultWaits
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #api: Promise<(request: Request) => Promise<Response>> | undefined
  #logging: Logger | false | undefined

  constructor(config: EscapementConfig = {}) {
    this.settings = resolveSettings(config, process.env)
    this.#books = new AppBooks(this.settings, this.#callerId, this.#events)
    const caller: Caller = {
      tasks: this.settings.tasks,
      use: use => this.#books.use(use),
      operate: change => this.#operate(change)
    }
    this.schedules = new ScheduleCalls(caller)
    this.#results = new ResultWaits({
      clock: systemClock,
      tasks: this.settings.tasks,
      use: use => this.#books.use(({ store }) => use(store)),
      hints: hint => {
        const names = ['job.completed', 'job.discarded', 'job.cancelled'] as const
        const offs = names.map(name => this.#events.on(name, hint))
        return () => offs.forEach(off => off())
      }
    })
    this.jobs = new JobCalls(caller, this.#results)
    this.queues = new QueueCalls(caller)
    const { coordination, abortGraceMs } = this.settings
    this.#seats = new Seats({
      ttlMs: coordination.ttlMs,
      renewEveryMs: coordination.renewEveryMs,
      holder: this.#holder,
      clock: systemClock,
      events: this.#events,
      random: Math.random,
      patienceMs: abortGraceMs,
      newId,
      taskOf: task => doors.taskOf(this.settings.tasks, task)
    })
  }

  /**
   * Joins the other nodes and takes up the roles of this process. A second call does nothing. If another Escapement in
   * this process already runs on the same books, it takes over the tasks and schedules of this one.
   *
   * @throws EscapementError `options-invalid`; `payload-invalid` for a schedule; `stopped` after `stop()`;
   * `store-unavailable` or `migration-mismatch` for the books; `seat-refused` or `seat-unavailable` for the seats.
   */
  start(options: doors.StartOptions = {}): Promise<void> {
    const refused = doors.refusedBy('start()', options, doors.startDoor)
    if (refused !== undefined) return refused
    this.#assertNotStopped()
    // A start that failed may be tried again.
    this.#starting ??= this.#start(options.roles ?? this.settings.roles).catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /**
   * Stops in order. Claims nothing more, gives handlers `graceMs` (default `shutdownGrace`), then aborts their signals.
   * Until they have ended everything else keeps working. Then waits at most 5 s for calls under way; later calls reject
   * with `stopped`. A second call shortens the wait. Safe at any time, even if nothing was started.
   */
  stop(options: doors.StopOptions = {}): Promise<void> {
    const refused = doors.refusedBy('stop()', options, doors.stopDoor)
    if (refused !== undefined) return refused
    const graceMs = options.graceMs ?? this.settings.shutdownGraceMs
    if (this.#stopped !== undefined) {
      this.#running?.hurry()
      this.#books.hurry()
    }
    this.#stopped ??= this.#stop(graceMs)
    return this.#stopped
  }

  /**
   * Creates one job. Payload and options are read within the call: later changes to them have no effect. Resolves once
   * the job is committed. With `client`: once it is written; the job exists when your transaction commits.
   *
   * @throws EscapementError `task-unknown`, `options-invalid`, `payload-invalid`, `id-invalid`, `duration-invalid`,
   * `client-invalid`, those of the store; with a `client`, also its own errors.
   */
  enqueue<Input, Result = unknown>(
    task: Task<Input, Result>,
    payload: NoInfer<Input>,
    options?: EnqueueOptions
  ): Promise<Enqueued<Result>>
  enqueue<Name extends TaskName>(task: Name, payload: PayloadOf<Name>, options?: EnqueueOptions): Promise<Enqueued>
  async enqueue(task: AnyTask | string, payload: unknown, options?: EnqueueOptions): Promise<Enqueued> {
    const known = doors.taskOf(this.settings.tasks, task)
    const order = orderOf(known, payload, options)
    const answer = await this.#books.use(({ enqueuer }) => enqueuer.write(order))
    if (order.options.client === undefined) this.#running?.wake()
    return enqueued(answer, known, this.#results)
  }

  /**
   * Creates a job for each payload, and returns the results in their order. All are checked before the first is
   * written. Then 10,000 at a time (1,000 in SQLite) are one commit; with a `client`, all are part of its transaction.
   * If a later batch fails, the earlier ones stay: to send all again safely, give ids (`each`) or a `client`. The list
   * and the first 10,000 payloads (16 million characters of JSON) are read within the call; don't change the others
   * until it has resolved.
   *
   * @throws EscapementError as `enqueue` does.
   */
  enqueueMany<Input, Item extends NoInfer<Input>>(
    task: Task<Input>,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]>
  enqueueMany<Name extends TaskName, Item extends PayloadOf<Name>>(
    task: Name,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]>
  async enqueueMany<Item>(
    task: AnyTask | string,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]> {
    const known = doors.taskOf(this.settings.tasks, task)
    const orders = ordersOf(known, payloads, options)
    const answers = await this.#books.use(({ enqueuer }) => enqueuer.writeMany(orders))
    if (orders.client === undefined) this.#running?.wake()
    return answers
  }

  /**
   * The management API: a fetch handler for `/api/v1/health/basic` and `/api/v1/scheduler/**`, to mount in your own
   * app. Read-only. If `SCHEDULER_API_TOKEN` is set, requests must carry it; otherwise your app decides who gets in.
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    doors.assertRequest(request)
    this.#api ??= appApi({ settings: this.settings, store: () => this.store(), events: this.#events })
    return (await this.#api)(request)
  }

  /** The books themselves. `stop()` closes them. */
  store(): Promise<Store> {
    return this.#books.use(({ store }) => store)
  }

  /**
   * Stands for a seat, by default "primary", and calls back on election and deposal. Of all processes that stand for a
   * seat, one holds it at a time. Stands from `start()` until `stop()`, or until the returned function is called.
   *
   * @throws EscapementError `options-invalid`; `id-invalid` for the name of the seat.
   */
  onPrimary(options: doors.PrimaryListener): () => void {
    checkOptions('onPrimary()', options, doors.primaryDoor)
    const { seat = DEFAULT_SEAT, ...listener } = options
    return this.#seats.listen(seat, listener)
  }

  /**
   * Whether this process holds the seat at this instant. Each started process with the role `scheduler` stands for
   * "primary". Other processes, and for other seats all of them, stand only after calling `onPrimary`.
   *
   * @throws EscapementError `id-invalid` for the name of the seat.
   */
  isPrimary(seat: string = DEFAULT_SEAT): boolean {
    return this.#seats.isHeld(seat)
  }

  readonly seats = {
    /** Every seat that was ever held: its holder, since when, and its term. */
    list: async (): Promise<readonly SeatView[]> => {
      const seats = await this.#books.use(({ store }) => store.listSeats())
      return seats.map(viewOfSeat)
    }
  }

  /** Calls the listener with the facts of each such event in this process. Returns a function that removes it. */
  on<Name extends EventName>(name: Name, listener: (facts: EventMap[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** For our own modules that emit events. */
  static readonly eventsOf = (escapement: Escapement): Emitter => escapement.#events

  async #start(roles: readonly Role[]): Promise<void> {
    for (const { payloadChecked } of this.settings.schedules) await payloadChecked
    // A process that only enqueues never loads the node.
    const { startLogging, startNode, tellDoubts } = await import('./start-node.ts')
    // A stop meanwhile found no books to give up.
    this.#assertNotStopped()
    const [events, settings] = [this.#events, this.settings]
    // Opening the books may have something to tell.
    const logger = (this.#logging ??= startLogging(settings, events))
    const { store, clock } = await this.#books.use(books => books)
    tellDoubts(settings.schedules, events)
    const backend = await openSeatBackend(settings, { store, clock: systemClock, holder: this.#holder })
    const mayDecide = (): boolean => settings.topology !== 'primary' || this.isPrimary()
    const starting = runningOn(settings.database, settings, () =>
      startNode({ store, clock, events, settings, logger, roles, mayDecide })
    )
    starting.catch(() => backend.close())
    this.#running = await starting
    this.#running.beforeStop(() => this.#seats.stop())
    this.#running.beforeEnd(() => this.#endCalls())
    events.on('seat.elected', () => this.#running?.wake())
    this.#seats.start(store, backend, roles.includes('scheduler'))
  }

  async #stop(graceMs: number): Promise<void> {
    this.#books.allow(graceMs)
    await this.#books.giveUpOpening()
    await this.#starting?.catch(() => undefined)
    await Promise.all([this.#seats.stop(), this.#running?.release(graceMs)])
    await this.#endCalls()
    // A shared node closes its books itself, when its last user in this process has let go.
    await this.#books.close(store => this.#running?.isStartedBy(store) ?? false, this.settings.abortGraceMs)
  }

  /** Waits for results are ended at once: what they wait for may take long. */
  #endCalls(): Promise<void> {
    this.#results.refuse(new EscapementError('stopped', 'This Escapement was stopped while a result was waited for.'))
    return this.#books.endCalls()
  }

  /** Wakes this process after an operator's change. Others notice the change by their watch. */
  async #operate<T>(change: (operator: OpenBooks['operator']) => Promise<T>): Promise<T> {
    const answer = await this.#books.use(({ operator }) => change(operator))
    this.#running?.wake()
    return answer
  }

  #assertNotStopped(): void {
    if (this.#stopped !== undefined)
      throw new EscapementError('stopped', 'This Escapement has been stopped; create another one.')
  }
}

/** @throws EscapementError `config-invalid`, naming the setting, what it got and what it takes. */
export function createEscapement(config: EscapementConfig = {}): Escapement {
  return new Escapement(config)
}
