import { systemClock } from './clock/system.ts'
import { DEFAULT_SEAT } from './coordination/seat-name.ts'
import { EscapementError } from './core/errors.ts'
import type { EventMap, EventName } from './core/events.ts'
import type { Job } from './core/job.ts'
import type { LedgerRow } from './core/ledger.ts'
import type { AnyTask, Task } from './core/task.ts'
import type { ApiOptions } from './http/api.ts'
import { newId } from './new-id.ts'
import { type OpenBooks, openBooks } from './open-books.ts'
import { openSeatBackend } from './open-seats.ts'
import { type ScheduleView, viewOf, viewOfRow, type LedgerView } from './views.ts'
import { Emitter } from './runtime/emitter.ts'
import type { EnqueueManyOptions, EnqueueOptions } from './runtime/enqueuer.ts'
import { host } from './runtime/process-facts.ts'
import { type Running, runningOn } from './runtime/running.ts'
import { Seats } from './runtime/seats.ts'
import type { SeatListener } from './runtime/tenure.ts'
import { resolveSettings } from './settings/resolve.ts'
import type { EscapementConfig, Role, Settings } from './settings/settings.ts'
import type { CancelAnswer, EnqueueAnswer } from './store/jobs.ts'
import type { JobFilter, Page, PageRequest, QueueState } from './store/reading.ts'
import type { SeatHolder, SeatState } from './store/seats.ts'
import type { Store } from './store/store.ts'
import { startNode, withLogger } from './start-node.ts'
import { packageVersion } from './version.ts'

const MOST_LISTED = 1_000

/**
 * The scheduler, the queue and the worker of one process, on one set of books. Nothing is opened before it is needed:
 * `enqueue` and the rest work without `start()`, which begins to schedule and to work.
 */
export class Escapement {
  readonly settings: Settings
  readonly #events = new Emitter()
  readonly #callerId = newId()
  readonly #holder: SeatHolder = { id: this.#callerId, host, pid: process.pid }
  readonly #seats: Seats
  #opened: Promise<OpenBooks> | undefined
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #api: Promise<(request: Request) => Promise<Response>> | undefined

  constructor(config: EscapementConfig = {}) {
    this.settings = resolveSettings(config, process.env)
    const { coordination, abortGraceMs } = this.settings
    this.#seats = new Seats({
      ...coordination,
      holder: this.#holder,
      clock: systemClock,
      events: this.#events,
      random: Math.random,
      patienceMs: abortGraceMs,
      newId,
      taskOf: task => (typeof task === 'string' ? this.#task(task) : task)
    })
  }

  /**
   * Joins the other nodes and begins with the roles of this process. A second start does nothing. Where another
   * Escapement runs on the same books in this process, that one takes over the tasks and schedules of this.
   *
   * @throws EscapementError `stopped` after `stop()`, `store-unavailable` or `migration-mismatch` for the books,
   * `seat-refused` or `seat-unavailable` for what decides who holds a seat.
   */
  start(options: { readonly roles?: readonly Role[] } = {}): Promise<void> {
    this.#assertNotStopped()
    this.#starting ??= this.#start(options.roles ?? this.settings.roles)
    return this.#starting
  }

  /**
   * Ends in order: nothing more is claimed, handlers get `graceMs` (default `shutdownGrace`), then their signals are
   * aborted. A second call shortens the wait. Legal at any time, also when nothing was ever started.
   */
  stop(options: { readonly graceMs?: number } = {}): Promise<void> {
    const graceMs = options.graceMs ?? this.settings.shutdownGraceMs
    if (this.#stopped !== undefined) this.#running?.hurry()
    this.#stopped ??= this.#stop(graceMs)
    return this.#stopped
  }

  /**
   * Asks for one job. Resolves when it is written down; with a `client`, when that has written it, which counts from its
   * commit on.
   *
   * @throws EscapementError `task-unknown`, `payload-invalid`, `id-invalid`, `duration-invalid`, `client-invalid`, and the
   * store's; with a `client`, what that throws.
   */
  async enqueue<Input>(task: Task<Input> | string, payload: Input, options?: EnqueueOptions): Promise<EnqueueAnswer> {
    const known = typeof task === 'string' ? this.#task(task) : task
    const { enqueuer } = await this.#open()
    const answer = await enqueuer.enqueue(known, payload, options)
    if (options?.client === undefined) this.#running?.wake()
    return answer
  }

  /**
   * Asks for a job for each of the payloads, and answers in their order. All are checked before the first is written;
   * then 10,000 at a time (1,000 in SQLite) are one commit, or all of them are a part of the client's transaction. When
   * a later batch fails the earlier ones stay: who sends them all again brings ids (`each`), or a `client`.
   *
   * @throws EscapementError as `enqueue`.
   */
  async enqueueMany<Input, Item extends Input>(
    task: Task<Input> | string,
    payloads: readonly Item[],
    options?: EnqueueManyOptions<Item>
  ): Promise<EnqueueAnswer[]> {
    const known = typeof task === 'string' ? this.#task(task) : task
    const { enqueuer } = await this.#open()
    const answers = await enqueuer.enqueueMany(known, payloads, options)
    if (options?.client === undefined) this.#running?.wake()
    return answers
  }

  readonly schedules = {
    /** All of them, in the order of their ids, removed ones left out. */
    list: async (): Promise<ScheduleView[]> => {
      const { store } = await this.#open()
      const views: ScheduleView[] = []
      let cursor: string | undefined
      do {
        const page = await store.listSchedules({ limit: MOST_LISTED, cursor })
        views.push(...page.items.map(viewOf))
        cursor = page.cursor
      } while (cursor !== undefined)
      return views
    },
    get: async (id: string): Promise<ScheduleView | undefined> => {
      const { schedules } = await (await this.#open()).store.readSchedules([id])
      const read = schedules[0]
      return read === undefined || read.state.phase === 'removed' ? undefined : viewOf(read)
    },
    pause: (id: string): Promise<void> => this.#operate(async operator => void (await operator.pause(id))),
    resume: (id: string): Promise<void> => this.#operate(async operator => void (await operator.resume(id))),
    /** One job now, beside the fire times. @throws EscapementError `schedule-overlapping`, `schedule-unknown`. */
    run: (id: string): Promise<{ jobId: string }> => this.#operate(operator => operator.runNow(id)),
    remove: (id: string): Promise<void> => this.#operate(async operator => void (await operator.remove(id))),
    /**
     * Takes back what a clock that ran ahead had decided of fire times that are still to come; what fired stays fired.
     * Answers how many fire times are undecided again, and how many fired. A scheduler that runs does so by itself.
     * @throws EscapementError `schedule-unknown`.
     */
    reset: async (id: string): Promise<{ undecided: number; stayFired: number }> => {
      const { undecided, stayFired } = await this.#operate(operator => operator.reset(id))
      return { undecided, stayFired }
    },
    /** What became of its latest fire times, newest first; `limit` 1 to 1,000, default 20. */
    ledger: async (id: string, { limit = 20 }: { limit?: number } = {}): Promise<LedgerView[]> => {
      const rows: readonly LedgerRow[] = await (await this.#open()).store.latestLedger(id, limit)
      return rows.map(viewOfRow)
    }
  }

  readonly jobs = {
    get: async (id: string): Promise<Job | undefined> => (await this.#open()).store.readJob(id),
    /** Newest first. */
    list: async (filter: JobFilter = {}, page: PageRequest = { limit: 100 }): Promise<Page<Job>> =>
      (await this.#open()).store.listJobs(filter, page),
    /** A job that runs is asked to end: its signal is aborted, at the latest with its node's next renewal. */
    cancel: (id: string): Promise<CancelAnswer> => this.#operate(operator => operator.cancel(id)),
    /** A finished job once more. @throws EscapementError `job-unknown`, `job-not-finished`, `schedule-overlapping`. */
    retry: (id: string): Promise<void> => this.#operate(operator => operator.retry(id))
  }

  readonly queues = {
    list: async (): Promise<readonly QueueState[]> => (await this.#open()).store.listQueues(),
    /** Nothing more is claimed from it, by no node. */
    pause: async (queue: string): Promise<void> => (await this.#open()).store.pauseQueue(queue, true),
    resume: async (queue: string): Promise<void> => (await this.#open()).store.pauseQueue(queue, false)
  }

  /**
   * The management API, a fetch handler for `/api/v1/health/basic` and `/api/v1/scheduler/**`, to mount in an app of
   * one's own. Read-only. With `SCHEDULER_API_TOKEN` it asks for it; without, the app decides who gets this far.
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    this.#api ??= import('./http/api.ts').then(({ managementApi }) => managementApi(this.#apiOptions()))
    return (await this.#api)(request)
  }

  /** The books themselves. They are closed by `stop()`. */
  async store(): Promise<Store> {
    return (await this.#open()).store
  }

  /**
   * Stands for a seat, by default "primary", and hears of being elected and deposed. The seat is held by one process at
   * a time, of all that stand for it. It is stood for from `start()` until `stop()`, or until the answer is called.
   *
   * @throws EscapementError `id-invalid` for the name of the seat.
   */
  onPrimary({ seat = DEFAULT_SEAT, ...listener }: SeatListener & { readonly seat?: string }): () => void {
    return this.#seats.listen(seat, listener)
  }

  /**
   * Whether this process holds the seat at this very instant. Every started process with the role of a scheduler stands
   * for "primary"; for others, only who called `onPrimary`.
   *
   * @throws EscapementError `id-invalid` for the name of the seat.
   */
  isPrimary(seat: string = DEFAULT_SEAT): boolean {
    return this.#seats.isHeld(seat)
  }

  readonly seats = {
    /** Every seat that was ever held: who holds it since when, and its term. */
    list: async (): Promise<readonly SeatState[]> => (await this.#open()).store.listSeats()
  }

  /** Hears facts of this process. The answer ends it. */
  on<Name extends EventName>(name: Name, listener: (facts: EventMap[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  async #start(roles: readonly Role[]): Promise<void> {
    const { store, clock } = await this.#open()
    const events = this.#events
    const settings = await withLogger(this.settings, events)
    const backend = await openSeatBackend(settings, { store, clock: systemClock, holder: this.#holder })
    const mayDecide = (): boolean => settings.topology !== 'primary' || this.isPrimary()
    const starting = runningOn(settings.database, settings, () =>
      startNode({ store, clock, events, settings, roles, mayDecide })
    )
    starting.catch(() => backend.close())
    this.#running = await starting
    this.#running.beforeStop(() => this.#seats.stop())
    events.on('seat.elected', () => this.#running?.wake())
    this.#seats.start(store, backend, roles.includes('scheduler'))
  }

  async #stop(graceMs: number): Promise<void> {
    await this.#starting?.catch(() => undefined)
    const opened = await this.#opened?.catch(() => undefined)
    await Promise.all([this.#seats.stop(), this.#running?.release(graceMs)])
    // The node's books are closed with it, by the last of those in this process who hold it.
    if (!this.#running?.isStartedBy(opened?.store)) await opened?.store.close()
  }

  #apiOptions(): ApiOptions {
    const { name, roles, api, logger } = this.settings
    return {
      store: () => this.store(),
      clock: systemClock,
      process: () => ({ name, pid: process.pid, host, roles, version: packageVersion() }),
      token: api.token,
      report: error => {
        if (logger) logger.error({ err: error }, 'a request to the management API failed')
      }
    }
  }

  #open(): Promise<OpenBooks> {
    this.#assertNotStopped()
    this.#opened ??= openBooks(this.settings, this.#callerId).catch((error: unknown) => {
      // Books that are away now may be there for the next call.
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  /** What an operator has changed is looked at by this process at once; the others see it by their watch. */
  async #operate<T>(change: (operator: OpenBooks['operator']) => Promise<T>): Promise<T> {
    const { operator } = await this.#open()
    const answer = await change(operator)
    this.#running?.wake()
    return answer
  }

  #task(name: string): AnyTask {
    const known = this.settings.tasks.find(task => task.name === name)
    if (known !== undefined) return known
    const names = this.settings.tasks.map(task => `"${task.name}"`).join(', ')
    throw new EscapementError(
      'task-unknown',
      `There is no task named ${JSON.stringify(name)} here; there are: ${names === '' ? 'none' : names}.`
    )
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
