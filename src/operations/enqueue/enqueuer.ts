import { auditEntryOf, type By, stampOf } from '../../core/access/by.ts'
import { enqueuedJob, jobBefore } from '../../core/access/changed-job.ts'
import type { Clock } from '../../clock/clock.ts'
import { EscapementError } from '../../core/errors.ts'
import type { ClaimedJob, NewJob } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import type { EnqueueAnswer, SqlClient } from '../../store/jobs.ts'
import type { Held } from '../../store/sparing.ts'
import type { Store } from '../../store/store.ts'
import { jobBatch } from './batch-limits.ts'
import { Batcher } from './batcher.ts'
import { writeInBatches } from './bulk.ts'
import type { EnqueueManyOptions, EnqueueOptions } from './enqueue-options.ts'
import { assertOfTransaction } from './job-doors.ts'
import { type JobOptions, newJob } from './new-job.ts'
import { type JobDraft, type Order, type Orders, orderOf, ordersOf } from './orders.ts'
import { acceptedText } from './payload.ts'
import { keepRedactions } from '../redactions.ts'

const MAX_SHARED = jobBatch(1_000)
const MAX_BULK = jobBatch(10_000)
/** A handler that was given up this long ago has probably ended. */
const REFUSED_FOR_MS = 60_000

/** The attempt that the calling code belongs to. */
export interface CallingAttempt {
  readonly claimed: Pick<ClaimedJob, 'id'>
  /** When it stopped being the current one, on the monotonic clock. */
  readonly revokedAt: number | undefined
  readonly hasEnded: boolean
}

export interface EnqueuerOptions {
  readonly clock: Clock
  readonly newId: () => string
  /** Returns undefined outside of handlers. */
  readonly currentAttempt: () => CallingAttempt | undefined
}

/** Writes jobs to the books. Concurrent calls share one write. */
export class Enqueuer {
  readonly #store: Store
  readonly #options: EnqueuerOptions
  readonly #write: (jobs: readonly NewJob[]) => Promise<readonly (EnqueueAnswer | Held)[]>
  readonly #batcher: Batcher<NewJob, EnqueueAnswer>
  /** The books know what is redacted of them. */
  readonly #kept = new WeakSet<AnyTask>()
  /** A connection runs one statement at a time, so calls that come meanwhile share the next one. */
  readonly #clients = new WeakMap<SqlClient, Batcher<NewJob, EnqueueAnswer>>()

  constructor(store: Store, options: EnqueuerOptions) {
    this.#store = store
    this.#options = options
    this.#write = jobs => (store.sparing ?? store).enqueue(jobs)
    this.#batcher = new Batcher(this.#write, MAX_SHARED, { clock: options.clock, heldError })
  }

  async enqueue(task: AnyTask, payload: unknown, options?: EnqueueOptions): Promise<EnqueueAnswer> {
    return this.write(orderOf(task, payload, options))
  }

  /** @throws EscapementError `attempt-stale`, and what an option that is wrong throws: not by its promise */
  write(order: Order): Promise<EnqueueAnswer> {
    this.#assertCurrent('enqueue()')
    const { task, payloadText, options } = order
    if (options.by !== undefined) return this.#writeAudited(order, options.by)
    if (task.redact !== undefined || typeof payloadText !== 'string') return this.#writeLater(order)
    return this.#batcherOf(options.client).add(this.#job(task, payloadText, options))
  }

  async #writeLater({ task, payloadText, options }: Order): Promise<EnqueueAnswer> {
    if (task.redact !== undefined) await this.#keepRedactions(task)
    return this.#batcherOf(options.client).add(this.#job(task, await payloadText, options))
  }

  /** Alone, together with its entry in the audit. */
  async #writeAudited({ task, payloadText, options, retries }: Order, by: By): Promise<EnqueueAnswer> {
    if (task.redact !== undefined) await this.#keepRedactions(task)
    const job = this.#job(task, await payloadText, options)
    const action = retries === undefined ? 'job.enqueue' : 'job.retry'
    const before = retries && { jobId: retries.id, ...jobBefore(retries) }
    const about = { action, targetId: job.id, before, after: enqueuedJob(job) } as const
    const entry = auditEntryOf(stampOf(by), { ...about, id: this.#options.newId() })
    const [answer] = await this.#store.enqueue([job], [entry])
    return answer!
  }

  async enqueueMany<Input>(
    task: AnyTask,
    payloads: readonly Input[],
    options?: EnqueueManyOptions<Input>
  ): Promise<EnqueueAnswer[]> {
    return this.writeMany(ordersOf(task, payloads, options))
  }

  /**
   * Writes nothing before every payload has been checked. Each batch is one commit, apart from jobs that others hold;
   * with a client, it is part of the client's transaction.
   */
  writeMany({ task, client, ...orders }: Orders): Promise<EnqueueAnswer[]> {
    return writeInBatches({
      ...orders,
      make: ({ payloadText, options }: JobDraft) => {
        const accepted = acceptedText(task, payloadText)
        return typeof accepted === 'string'
          ? this.#job(task, accepted, options)
          : accepted.then(valid => this.#job(task, valid, options))
      },
      write: async jobs => {
        this.#assertCurrent('enqueueMany()')
        if (task.redact !== undefined) await this.#keepRedactions(task)
        if (client === undefined) return this.#writeAtOnce(jobs)
        const batcher = this.#batcherOf(client)
        return Promise.all(jobs.map(job => batcher.add(job)))
      },
      // A store that writes within one turn of the event loop must not block it for long.
      limits: this.#store.traits.transactions === 'sync' ? MAX_SHARED : MAX_BULK
    })
  }

  /** One write. Jobs that others hold are retried by the shared batcher. */
  async #writeAtOnce(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    const answers = await this.#write(jobs)
    if (!answers.includes('held')) return answers as EnqueueAnswer[]
    const waited = answers.map(async (answer, index) => (answer === 'held' ? this.#batcher.add(jobs[index]!) : answer))
    return Promise.all(waited)
  }

  async #keepRedactions(task: AnyTask): Promise<void> {
    if (this.#kept.has(task)) return
    await keepRedactions(this.#store, [task])
    this.#kept.add(task)
  }

  #job(task: AnyTask, payloadText: string, options: JobOptions): NewJob {
    const { clock, newId } = this.#options
    return newJob(task, payloadText, options, { newId, now: clock.now() })
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
        `A job was enqueued through a client of the app, and books in ${store.traits.name} take none; only books in PostgreSQL do.`
      )
    assertOfTransaction(client)
    const batcher = new Batcher<NewJob, EnqueueAnswer>(write, MAX_BULK)
    // Anything that is not an object goes to the store, whose error says what it takes.
    if (Object(client) === client) this.#clients.set(client, batcher)
    return batcher
  }

  /**
   * Refuses calls from an attempt that was given up. The caller may also be something that the handler made and others
   * share (a pool, a timer). So it refuses only while the handler runs, and not for ever, since the handler may hang.
   */
  #assertCurrent(what: string): void {
    const attempt = this.#options.currentAttempt()
    if (attempt?.revokedAt === undefined || attempt.hasEnded) return
    if (this.#options.clock.monotonic() - attempt.revokedAt >= REFUSED_FOR_MS) return
    throw new EscapementError(
      'attempt-stale',
      `${what} was rejected: the attempt of the job ${attempt.claimed.id} that called it is no longer the current one.`
    )
  }
}

function heldError({ id, task, uniqueKey }: NewJob): EscapementError {
  const what = uniqueKey === undefined ? `the id ${id}` : `the unique key ${JSON.stringify(uniqueKey)}`
  return new EscapementError(
    'store-busy',
    `A job of the task "${task}" was not enqueued: ${what} is held by a transaction that stays open, of the app or of another client of the database.`
  )
}
