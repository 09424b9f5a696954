import type { Clock } from '../clock/clock.ts'
import { EscapementError } from '../core/errors.ts'
import type { NewJob } from '../core/job.ts'
import { checkOptions } from '../core/options.ts'
import type { AnyTask } from '../core/task.ts'
import type { EnqueueAnswer, SqlClient } from '../store/jobs.ts'
import type { Store } from '../store/store.ts'
import { jobBatch } from './batch-limits.ts'
import { Batcher } from './batcher.ts'
import { writeInBatches } from './bulk.ts'
import { currentAttempt } from './executor.ts'
import { assertOfTransaction, checkPayloads, enqueueDoor, enqueueManyDoor, jobDoor } from './job-doors.ts'
import { type JobOptions, newJob } from './new-job.ts'
import { payloadText } from './payload.ts'

const LARGEST_SHARED = jobBatch(1_000)
const LARGEST_BULK = jobBatch(10_000)

export interface EnqueueOptions extends JobOptions {
  /**
   * A connection of the app's, whose transaction the job becomes a part of: rolled back, it was never there. Books in
   * PostgreSQL only; `pg`'s clients as they are, others through `escapement/postgres`. Outside a transaction it is
   * written at once.
   */
  readonly client?: SqlClient
}

export interface EnqueueManyOptions<Input> extends Pick<
  EnqueueOptions,
  'client' | 'runAt' | 'delay' | 'queue' | 'priority'
> {
  /** What is said of one job alone; it goes before what is said of all. Called once or twice for each payload. */
  readonly each?: (payload: Input, index: number) => JobOptions
}

export interface EnqueuerOptions {
  readonly clock: Clock
  readonly newId: () => string
}

/** Puts jobs into the books; calls that come at the same time share one write. */
export class Enqueuer {
  readonly #store: Store
  readonly #options: EnqueuerOptions
  readonly #batcher: Batcher<NewJob, EnqueueAnswer>
  /** A connection has one statement under way at a time, so those who come meanwhile share the next one. */
  readonly #clients = new WeakMap<SqlClient, Batcher<NewJob, EnqueueAnswer>>()

  constructor(store: Store, options: EnqueuerOptions) {
    this.#store = store
    this.#options = options
    this.#batcher = new Batcher(jobs => store.enqueue(jobs), LARGEST_SHARED)
  }

  async enqueue(task: AnyTask, payload: unknown, options: EnqueueOptions = {}): Promise<EnqueueAnswer> {
    checkOptions('enqueue()', options, enqueueDoor)
    assertCurrent('enqueue()')
    const text = payloadText(task, payload)
    const job = this.#job(task, typeof text === 'string' ? text : await text, options)
    return this.#batcherOf(options.client).add(job)
  }

  /** Nothing is written before every payload has been checked. Each batch is one commit, or a part of the client's. */
  enqueueMany<Input>(
    task: AnyTask,
    payloads: readonly Input[],
    given: EnqueueManyOptions<Input> = {}
  ): Promise<EnqueueAnswer[]> {
    checkPayloads(payloads)
    checkOptions('enqueueMany()', given, enqueueManyDoor)
    const { client, each, ...common } = given
    return writeInBatches({
      count: payloads.length,
      make: index => {
        const payload = payloads[index]!
        const options = each === undefined ? common : { ...common, ...optionsOf(each(payload, index)) }
        const text = payloadText(task, payload)
        return typeof text === 'string'
          ? this.#job(task, text, options)
          : text.then(valid => this.#job(task, valid, options))
      },
      write: jobs => {
        assertCurrent('enqueueMany()')
        if (client === undefined) return this.#store.enqueue(jobs)
        const batcher = this.#batcherOf(client)
        return Promise.all(jobs.map(job => batcher.add(job)))
      },
      // A store that writes within one turn of the event loop must not hold it up for long.
      limits: this.#store.traits.transactions === 'sync' ? LARGEST_SHARED : LARGEST_BULK
    })
  }

  #job(task: AnyTask, payload: string, options: JobOptions): NewJob {
    const { clock, newId } = this.#options
    return newJob(task, payload, options, { newId, now: clock.now() })
  }

  #batcherOf(client: SqlClient | undefined): Batcher<NewJob, EnqueueAnswer> {
    if (client === undefined) return this.#batcher
    const known = this.#clients.get(client)
    if (known !== undefined) return known
    const store = this.#store
    const write = store.enqueueWithin?.bind(store, client)
    if (write === undefined)
      throw new EscapementError(
        'client-invalid',
        `A job was to be enqueued through a client of the app's, and books in ${store.traits.name} take none; only books in PostgreSQL do.`
      )
    assertOfTransaction(client)
    const batcher = new Batcher<NewJob, EnqueueAnswer>(write, LARGEST_BULK)
    // What is none goes on to the store, which says what it takes.
    if (Object(client) === client) this.#clients.set(client, batcher)
    return batcher
  }
}

/** What `each` answers for a payload; nothing is as good as no options. */
function optionsOf(given: JobOptions | undefined): JobOptions | undefined {
  if (given !== undefined) checkOptions('enqueueMany(): what each() answers', given, jobDoor)
  return given
}

function assertCurrent(what: string): void {
  const attempt = currentAttempt.getStore()
  if (attempt?.isRevoked)
    throw new EscapementError(
      'attempt-stale',
      `${what} was rejected: the attempt of the job ${attempt.claimed.id} that called it is no longer the current one.`
    )
}
