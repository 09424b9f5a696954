import type { Clock } from '../../clock/clock.ts'
import { EscapementError } from '../../core/errors.ts'
import type { AbortCause, HandlerContext, HandlerLog, Transaction } from '../../core/job/handler.ts'
import { seal, unseal } from '../../core/payload/codec.ts'
import { MAX_UNSEALED_BYTES, toStrictJson } from '../../core/options/json.ts'
import { isSealedText } from '../../core/payload/sealed.ts'
import { attemptsLimit, type ClaimedJob } from '../../core/job/job.ts'
import { describe } from '../../core/options/names.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { isoOf } from '../../core/trigger/instant.ts'
import type { Store } from '../../store/store.ts'
import { abortedBefore, abortReason } from './abort-reason.ts'
import { checkBody, checkStep } from './handler-doors.ts'
import { isThenable } from './thenable.ts'

/** What every attempt of a node has in common. */
export interface AttemptSurroundings {
  readonly store: Store
  readonly clock: Clock
  readonly logOf: (attempt: Attempt) => HandlerLog
}

export interface AttemptOrigin {
  readonly task: AnyTask
  readonly beganAt: number
  /** Called once, when its slot is free. */
  readonly over: () => void
}

const UNREAD = Symbol('not read yet')

/**
 * One numbered try of a job, and what its handler gets. Nearly all of it is created on first use, since most handlers
 * use little of it.
 */
export class Attempt implements HandlerContext {
  readonly claimed: ClaimedJob
  readonly task: AnyTask
  readonly beganAt: number
  readonly #surroundings: AttemptSurroundings
  /** Called once, when its slot is free. */
  readonly over: () => void
  #payload: unknown = UNREAD
  /** The payload as JSON, not sealed. */
  plainPayload: string
  /** The handler has ended or was given up: its reports no longer count. */
  isOver = false
  /** The handler itself has ended, however late. */
  hasEnded = false
  /** The store has refused one of its writes: another attempt is the current one. */
  isStale = false
  /** The schema of the task rejected the payload that is stored with the job. */
  isPayloadRefused = false
  /** What is stored of the job can't be decoded: its payload, or the result of a step. */
  unreadable: unknown
  /** Since when, on the monotonic clock, its writes are refused: the lease is lost, it is stale, or it was given up. */
  revokedAt: number | undefined
  aborted: AbortCause | undefined
  /** Cancels the timer of its time limit. */
  disarm: (() => void) | undefined
  completion: 'open' | 'writing' | 'written' = 'open'
  /** The transaction under way. */
  writing: Promise<unknown> | undefined
  #abort: AbortController | undefined
  #steps: Promise<Map<string, string>> | undefined
  #stepNames: Set<string> | undefined

  constructor(claimed: ClaimedJob, surroundings: AttemptSurroundings, from: AttemptOrigin) {
    this.claimed = claimed
    this.plainPayload = claimed.payload
    this.task = from.task
    this.beganAt = from.beganAt
    this.over = from.over
    this.#surroundings = surroundings
  }

  get payload(): unknown {
    if (this.#payload === UNREAD) this.#payload = JSON.parse(this.claimed.payload)
    return this.#payload
  }

  /**
   * Before the handler is entered: what it can't read must not begin.
   *
   * @throws EscapementError `codec-failed`
   */
  unsealPayload(): void {
    const { payload } = this.claimed
    if (!isSealedText(payload)) return
    this.plainPayload = this.#unsealed(payload, 'The payload')
    this.#payload = JSON.parse(this.plainPayload)
  }

  /** The output of the task's schema replaces what was enqueued. */
  set payload(output: unknown) {
    this.#payload = output
  }

  get job(): HandlerContext['job'] {
    const { id, task, queue, runAt } = this.claimed
    return { id, task, queue, runAt: new Date(runAt) }
  }

  get scheduleId(): string | undefined {
    return this.claimed.scheduleId
  }

  get fireAt(): Date | undefined {
    return this.claimed.fireAt === undefined ? undefined : new Date(this.claimed.fireAt)
  }

  get lateMs(): number {
    return Math.max(0, this.beganAt - (this.claimed.fireAt ?? this.claimed.runAt))
  }

  get attempt(): number {
    return this.claimed.attempt
  }

  get maxAttempts(): number {
    return attemptsLimit(this.claimed.maxAttempts)
  }

  /** The name of the codec that seals what is kept of its errors. */
  get sealedBy(): string | undefined {
    return this.task.codecs?.[0].name
  }

  get fence(): number {
    return this.claimed.fence
  }

  get idempotencyKey(): string {
    const { id, scheduleId, fireAt } = this.claimed
    const of = scheduleId !== undefined && fireAt !== undefined ? `${scheduleId}:${isoOf(fireAt)}` : id
    return `${this.#surroundings.store.id}:${of}`
  }

  get signal(): AbortSignal {
    this.#abort ??= abortedBefore(this.aborted, this.claimed)
    return this.#abort.signal
  }

  get log(): HandlerLog {
    return this.#surroundings.logOf(this)
  }

  abort(cause: AbortCause): void {
    if (this.aborted !== undefined) return
    this.aborted = cause
    this.#abort?.abort(abortReason(cause, this.claimed))
  }

  /** From now on its writes are refused, before they reach the store. */
  revoke(): void {
    this.revokedAt ??= this.#surroundings.clock.monotonic()
  }

  get isRevoked(): boolean {
    return this.revokedAt !== undefined
  }

  // Made when they are read, since most handlers read none; and functions of their own, so that they can be passed on.
  get progress() {
    return (value: unknown): Promise<void> => this.#saveProgress(value)
  }

  get step() {
    return <T>(name: string, fn: () => T | Promise<T>): Promise<T> => this.#step(name, fn)
  }

  get transaction() {
    return <T>(body: (tx: Transaction) => T | Promise<T>): Promise<T> => this.#transaction(body)
  }

  async #saveProgress(value: unknown): Promise<void> {
    this.#assertCurrent('progress()')
    const text = this.#keptText(value, 'The progress')
    if (!(await this.#surroundings.store.saveProgress(this.claimed, text))) throw this.#foundStale('progress()')
  }

  async #step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    checkStep(name, fn)
    this.#assertCurrent(`step(${describe(name)})`)
    const names = (this.#stepNames ??= new Set())
    if (names.has(name))
      throw new EscapementError(
        'step-repeated',
        `The step ${describe(name)} was used twice in one attempt of ${this.#title}.`
      )
    names.add(name)
    const remembered = (await (this.#steps ??= this.#readSteps())).get(name)
    const what = `The result of the step ${describe(name)}`
    if (remembered !== undefined) return JSON.parse(this.#unsealed(remembered, what)) as T
    const result = await fn()
    const text = this.#keptText(
      result,
      what,
      '; what the step did is done, and the next attempt does it again unless the step returns plain JSON'
    )
    this.#assertCurrent(`step(${describe(name)})`)
    const isSaved = await this.#surroundings.store.saveStep(this.claimed, { name, result: text })
    if (!isSaved) throw this.#foundStale(`step(${describe(name)})`)
    return result
  }

  #transaction<T>(body: (tx: Transaction) => T | Promise<T>): Promise<T> {
    if (this.completion !== 'open') return this.#transact(body)
    const writing = this.#transact(body).finally(() => {
      this.writing = undefined
    })
    this.writing = writing
    return writing
  }

  async #transact<T>(body: (tx: Transaction) => T | Promise<T>): Promise<T> {
    checkBody(body)
    this.#assertCurrent('transaction()')
    this.completion = 'writing'
    let result: T | undefined
    const keep = (value: T): string | undefined => {
      result = value
      return this.resultText(value)
    }
    try {
      const answer = await this.#surroundings.store.transact(this.claimed, tx => {
        const given = body(tx as Transaction)
        return isThenable(given) ? Promise.resolve(given).then(keep) : keep(given)
      })
      if (answer === 'stale') throw this.#foundStale('transaction()')
      this.completion = 'written'
      return result as T
    } catch (error) {
      this.completion = 'open'
      throw error
    }
  }

  /** The result as it is stored; undefined is not stored. */
  resultText(result: unknown): string | undefined {
    return result === undefined ? undefined : this.#keptText(result, 'The result')
  }

  #keptText(value: unknown, what: string, consequence = ''): string {
    const { codecs } = this.task
    const json = toStrictJson(value, codecs && MAX_UNSEALED_BYTES)
    if ('problem' in json)
      throw new EscapementError(
        'payload-invalid',
        `${what} of ${this.#title} cannot be kept: ${json.problem}${consequence}.`
      )
    return codecs === undefined ? json.text : seal(codecs, json.text, `${what} of ${this.#title}`, this.plainPayload)
  }

  #unsealed(text: string, what: string): string {
    try {
      return unseal(this.task.codecs, text, `${what} of ${this.#title}`)
    } catch (error) {
      this.unreadable = error
      throw error
    }
  }

  async #readSteps(): Promise<Map<string, string>> {
    const steps = await this.#surroundings.store.readSteps(this.claimed.id)
    return new Map(steps.map(({ name, result }) => [name, result]))
  }

  #assertCurrent(what: string): void {
    if (this.isRevoked) throw this.#stale(what)
    if (this.completion !== 'open')
      throw new EscapementError(
        'transaction-repeated',
        `${what} was called after transaction() in ${this.#title}; the transaction is the completion, and comes last.`
      )
  }

  #foundStale(what: string): EscapementError {
    this.isStale = true
    this.revoke()
    return this.#stale(what)
  }

  #stale(what: string): EscapementError {
    return new EscapementError(
      'attempt-stale',
      `${what} was rejected: attempt ${this.attempt} of ${this.#title} is no longer the current one.`
    )
  }

  get #title(): string {
    return `the job ${this.claimed.id} of the task "${this.claimed.task}"`
  }
}
