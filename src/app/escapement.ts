import { AppBooks } from './books.ts'
import { appApi } from './api/api.ts'
import type { ApiGround } from './api/ground.ts'
import { AuditCalls } from './calls/audit.ts'
import type { Caller } from './calls/caller.ts'
import { type Enqueue, type EnqueueMany, enqueueManyWith, enqueueWith } from './calls/enqueue.ts'
import { JobCalls } from './calls/jobs.ts'
import { QueueCalls } from './calls/queues.ts'
import { resultWaits } from './calls/result-waits.ts'
import { RunTimeSchedules } from './calls/run-time-schedules.ts'
import { ScheduleCalls } from './calls/schedules.ts'
import { SeatCalls } from './calls/seats.ts'
import { systemClock } from '../clock/system.ts'
import { DEFAULT_SEAT } from '../coordination/seat-name.ts'
import { EscapementError } from '../core/errors.ts'
import type { EventMap, EventName } from '../core/events.ts'
import type { Logger } from '../core/job/handler.ts'
import { durationMs } from '../core/options/duration.ts'
import { checkOptions } from '../core/options/options.ts'
import type { AnyTask } from '../core/job/task.ts'
import * as doors from './doors.ts'
import { type NodeHandler, nodeHandler } from '../http/node-handler.ts'
import { newId } from '../new-id.ts'
import type { OpenBooks } from './open-books.ts'
import { openSeatBackend, seatsOf } from './open-seats.ts'
import { Emitter } from '../runtime/events/emitter.ts'
import type { ResultWaits } from '../operations/results.ts'
import { host } from '../runtime/process-facts.ts'
import { type Running, runningOn } from '../runtime/running.ts'
import type { Ticked } from '../runtime/tick.ts'
import type { Seats } from '../runtime/seats/seats.ts'
import { resolveSettings } from '../settings/resolve.ts'
import type { EscapementConfig, Settings } from '../settings/settings.ts'
import type { SeatHolder } from '../store/seats.ts'
import type { Store } from '../store/store.ts'
import { Ticks } from './ticks.ts'

/**
 * The scheduler, queue and worker of one process, on one set of books. Nothing is opened before it is needed: `enqueue`
 * and other calls work without `start()`, which begins to schedule and to run jobs.
 *
 * @example
 * ```ts
 * const app: Escapement = createEscapement({ database: 'sqlite:app.db', tasks: [mail] })
 * process.once('SIGTERM', () => void app.stop())
 * await app.start()
 * await app.enqueue(mail, { to: 'ann' })
 * ```
 */
export class Escapement {
  /** The configuration with environment and defaults applied. */
  readonly settings: Settings
  /** Reads, pauses, runs and removes schedules. */
  readonly schedules: ScheduleCalls
  /** Reads, cancels and retries jobs. */
  readonly jobs: JobCalls
  /** Reads, pauses and resumes queues. */
  readonly queues: QueueCalls
  /** Who holds which seat. */
  readonly seats: SeatCalls
  /** Reads who changed what. */
  readonly audit: AuditCalls
  /**
   * Creates one job. Payload and options are read within the call: later changes to them have no effect. Resolves once
   * the job is committed. With `client`: once it is written; the job exists when your transaction commits.
   *
   * @throws EscapementError `task-unknown`, `options-invalid`, `payload-invalid`, `id-invalid`, `duration-invalid`,
   * `client-invalid`, those of the store; with a `client`, also its own errors.
   */
  readonly enqueue: Enqueue
  /**
   * Creates a job for each payload, and returns the results in their order. All are checked before the first is
   * written. Then 10,000 at a time (1,000 in SQLite) are one commit; with a `client`, all are part of its transaction.
   * If a later batch fails, the earlier ones stay: to send all again safely, give ids (`each`) or a `client`. The list
   * and the first 10,000 payloads (16 million characters of JSON) are read within the call; don't change the others
   * until it has resolved.
   *
   * @throws EscapementError as `enqueue` does.
   */
  readonly enqueueMany: EnqueueMany
  readonly #events = new Emitter()
  readonly #ground: ApiGround
  readonly #callerId = newId()
  readonly #holder: SeatHolder = { id: this.#callerId, host, pid: process.pid }
  readonly #books: AppBooks
  readonly #seats: Seats
  readonly #results: ResultWaits
  readonly #ticks: Ticks
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #api: Promise<(request: Request) => Promise<Response>> | undefined
  #logging: Logger | false | undefined

  constructor(config: EscapementConfig = {}) {
    this.settings = resolveSettings(config, process.env)
    this.#books = new AppBooks(this.settings, this.#callerId, this.#events)
    const [settings, books, events] = [this.settings, this.#books, this.#events]
    this.#ticks = new Ticks({ settings, books, events, logger: () => this.#logger() })
    const caller: Caller = {
      tasks: this.settings.tasks,
      use: use => this.#books.use(use),
      operate: change => this.#operate(({ operator }) => change(operator)),
      operateOn: change => this.#operate(change),
      wake: () => this.#running?.wake()
    }
    this.#ground = { settings, caller, events }
    this.schedules = new ScheduleCalls(caller, new RunTimeSchedules(caller, this.settings, this.#events))
    this.#results = resultWaits(caller, this.#events)
    const taskOf = (given: AnyTask | string): AnyTask => doors.taskOf(this.settings.tasks, given)
    const calls = { caller, taskOf, results: this.#results }
    this.enqueue = enqueueWith(calls)
    this.enqueueMany = enqueueManyWith(calls)
    this.jobs = new JobCalls(caller, this.#results, taskOf)
    this.queues = new QueueCalls(caller)
    this.seats = new SeatCalls(caller)
    this.audit = new AuditCalls(caller)
    this.#seats = seatsOf(this.settings, { holder: this.#holder, events: this.#events, taskOf })
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
    this.#starting ??= this.#start(options).catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /**
   * Joins, decides what is due, runs jobs until none is due, and leaves: for platforms that run code on a timer and
   * freeze it in between. Ticks of several processes may run at the same time; those of one Escapement run one after
   * another. It stays usable, for the next tick too.
   *
   * @throws EscapementError `options-invalid`, also if `start()` was called; `duration-invalid`; `stopped`; those of the books
   * @example
   * ```ts
   * const { ran, isDone } = await escapement.tick({ atMost: '50s' })
   * ```
   */
  async tick(options: doors.TickOptions = {}): Promise<Ticked> {
    checkOptions('tick()', options, doors.tickDoor)
    this.#assertNotStopped()
    if (this.#starting !== undefined)
      throw new EscapementError(
        'options-invalid',
        'tick() got an Escapement that is started; it decides and works by itself.'
      )
    return this.#ticks.run(durationMs(options.atMost ?? '50s'))
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
      this.#ticks.hurry()
      this.#books.hurry()
    }
    this.#stopped ??= this.#stop(graceMs)
    return this.#stopped
  }

  /**
   * The management API, to mount in your own app: a fetch handler for `/api/v1/health/basic` and all paths below
   * `/api/v1/scheduler`. Requests must carry `SCHEDULER_API_TOKEN`; if it is not set, only the health check is served.
   *
   * @experimental
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    doors.assertRequest(request)
    this.#api ??= appApi(this.#ground)
    return (await this.#api)(request)
  }

  /**
   * The management API for servers of `node:http`: a handler `(request, response, next?)`, as Express takes it. Paths
   * that are not the API's go to `next`; without one they get status 404. Other frameworks: `escapement/fastify`,
   * `/koa`, `/hono`, `/next`, `/nest`.
   */
  readonly handler: NodeHandler = nodeHandler(request => this.fetch(request))

  /**
   * The books themselves. `stop()` closes them.
   *
   * @experimental
   */
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

  /** Calls the listener with the facts of each such event in this process. Returns a function that removes it. */
  on<Name extends EventName>(name: Name, listener: (facts: EventMap[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** For our own modules. */
  static readonly insideOf = (escapement: Escapement): ApiGround => escapement.#ground

  async #start({ roles = this.settings.roles, signals = false }: doors.StartOptions): Promise<void> {
    if (signals) await this.#stopBySignals()
    for (const { payloadChecked } of this.settings.schedules) await payloadChecked
    // A process that only enqueues never loads the node.
    const { startNode, tellDoubts } = await import('./start-node.ts')
    // Opening the books may have something to tell.
    const [logger, events, settings] = [await this.#logger(), this.#events, this.settings]
    // A stop meanwhile found no books to give up.
    this.#assertNotStopped()
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

  async #stopBySignals(): Promise<void> {
    const { stopBySignals } = await import('./stop-by-signals.ts')
    const { shutdownGraceMs, abortGraceMs } = this.settings
    stopBySignals(this, { shutdownGraceMs, abortGraceMs }, await this.#logger())
  }

  async #logger(): Promise<Logger | false> {
    const { startLogging } = await import('./start-node.ts')
    return (this.#logging ??= startLogging(this.settings, this.#events))
  }

  async #stop(graceMs: number): Promise<void> {
    this.#books.allow(graceMs)
    await this.#books.giveUpOpening()
    await this.#starting?.catch(() => undefined)
    await Promise.all([this.#seats.stop(), this.#running?.release(graceMs), this.#ticks.stop(graceMs)])
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
  async #operate<T>(change: (books: OpenBooks) => Promise<T>): Promise<T> {
    const answer = await this.#books.use(change)
    this.#running?.wake()
    return answer
  }

  #assertNotStopped(): void {
    if (this.#stopped !== undefined)
      throw new EscapementError('stopped', 'This Escapement has been stopped; create another one.')
  }
}
