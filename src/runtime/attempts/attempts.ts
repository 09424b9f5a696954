import type { Clock } from '../../clock/clock.ts'
import type { AbortCause, HandlerLog } from '../../core/job/handler.ts'
import type { ClaimedJob } from '../../core/job/job.ts'
import { type CheckedPayload, checkPayload } from '../../core/job/schema.ts'
import type { Outcome } from '../../core/job/settle.ts'
import type { AnyTask } from '../../core/job/task.ts'
import { errorOf } from '../../core/job/thrown.ts'
import type { Store } from '../../store/store.ts'
import { Attempt } from './attempt.ts'
import { currentAttempt } from './current-attempt.ts'
import type { Gatherer } from '../counts/gatherer.ts'
import type { Emitter } from '../events/emitter.ts'
import type { LoopUse } from './loop-use.ts'
import { factsOf, outcomeOfFailure, type Thrown } from './outcome.ts'
import { refusedPayload } from '../../operations/enqueue/payload.ts'
import type { Settler } from '../jobs/settler.ts'
import { isThenable } from './thenable.ts'

export interface AttemptsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly events: Emitter
  readonly settler: Settler
  readonly random: () => number
  readonly abortGraceMs: number
  readonly loopUse: LoopUse
  readonly gatherer: Gatherer
  readonly logOf: (attempt: Attempt) => HandlerLog
}

/** Runs attempts from the claim to the report, however the handler behaves. */
export class Attempts {
  readonly #options: AttemptsOptions
  /** Attempts that hold a slot, by fence. */
  readonly #attempts = new Map<number, Attempt>()
  #idleWaiters: (() => void)[] = []
  /** Called at each end. */
  #endWaiters: (() => void)[] = []
  /** Handlers that were given up and still run. */
  #hung = 0
  /** Fences of reports that the store has not confirmed yet: it may still think that this node holds the jobs. */
  readonly #reporting = new Set<number>()

  constructor(options: AttemptsOptions) {
    this.#options = options
  }

  get all(): readonly Attempt[] {
    return [...this.#attempts.values()]
  }

  /** Resolves when no attempt holds a slot. */
  whenIdle(): Promise<void> {
    return this.#attempts.size === 0 ? Promise.resolve() : new Promise(resolve => this.#idleWaiters.push(resolve))
  }

  /** Resolves when every attempt that now holds a slot has freed it. */
  async whenThoseEnded(): Promise<void> {
    const fences = [...this.#attempts.keys()]
    while (fences.some(fence => this.#attempts.has(fence)))
      await new Promise<void>(resolve => this.#endWaiters.push(resolve))
  }

  /** Handlers that have not ended, including those that were given up. */
  get running(): number {
    return this.#attempts.size + this.#hung
  }

  knows(fence: number): boolean {
    return this.#attempts.has(fence) || this.#reporting.has(fence)
  }

  find(fence: number): Attempt | undefined {
    return this.#attempts.get(fence)
  }

  /** Begins the attempt. Calls `over` once, when its slot is free. */
  begin(claimed: ClaimedJob, task: AnyTask, over: () => void): void {
    const { clock, store } = this.#options
    const attempt = new Attempt(claimed, this.#options, { task, beganAt: clock.now(), over })
    this.#attempts.set(claimed.fence, attempt)
    if (claimed.delivery === 'at-least-once') return this.#enter(attempt)
    store.markStarted(claimed).then(
      isCurrent => (isCurrent && !attempt.isRevoked ? this.#enter(attempt) : this.#end(attempt, undefined)),
      // The start may or may not be committed. The handler is not called, and a renewal gives the claim back.
      () => this.#end(attempt, undefined)
    )
  }

  #release({ claimed, over }: Attempt): void {
    this.#attempts.delete(claimed.fence)
    try {
      over()
    } finally {
      if (this.#endWaiters.length > 0) for (const resolve of this.#endWaiters.splice(0)) resolve()
      if (this.#idleWaiters.length > 0 && this.#attempts.size === 0)
        for (const resolve of this.#idleWaiters.splice(0)) resolve()
    }
  }

  /**
   * Aborts the signal. Unless the process is stopping, gives the attempt up if its handler has not ended after the
   * grace.
   */
  abort(attempt: Attempt, cause: AbortCause): void {
    if (attempt.isOver || attempt.aborted !== undefined) return
    attempt.abort(cause)
    if (cause !== 'stopping') this.#options.clock.after(this.#options.abortGraceMs, () => this.#giveUp(attempt))
  }

  #enter(attempt: Attempt): void {
    const { events, loopUse } = this.#options
    const { name } = attempt.task
    this.#armTimeout(attempt)
    if (events.hears('job.started')) events.emit('job.started', { ...factsOf(attempt), lateMs: attempt.lateMs })
    loopUse.enter()
    let answer: unknown
    try {
      answer = currentAttempt.run(attempt, callHandler, attempt)
      loopUse.leave(name)
      if (isThenable(answer)) return this.#await(attempt, answer)
    } catch (cause) {
      loopUse.leave(name)
      if (isFirstEnd(attempt)) this.#threw(attempt, cause)
      return
    }
    if (isFirstEnd(attempt)) this.#returned(attempt, answer)
  }

  #await(attempt: Attempt, answer: PromiseLike<unknown>): void {
    const { loopUse } = this.#options
    const { name } = attempt.task
    const promise = answer instanceof Promise ? answer : Promise.resolve(answer)
    promise.then(
      result => {
        loopUse.comeBack(name)
        if (isFirstEnd(attempt)) this.#returned(attempt, result)
      },
      (cause: unknown) => {
        loopUse.comeBack(name)
        if (isFirstEnd(attempt)) this.#threw(attempt, cause)
      }
    )
  }

  /** The time-out itself decides nothing: a handler that succeeds later is a success that took too long. */
  #armTimeout(attempt: Attempt): void {
    const { events, clock } = this.#options
    const { timeoutMs } = attempt.task
    if (timeoutMs === undefined) return
    attempt.disarm = clock.after(timeoutMs, () => {
      if (attempt.isOver || attempt.aborted !== undefined) return
      events.emit('job.timed-out', { ...factsOf(attempt), timeoutMs })
      this.abort(attempt, 'timeout')
    })
  }

  #returned(attempt: Attempt, result: unknown): void {
    if (attempt.isOver) return this.#endHung()
    if (attempt.writing !== undefined) return this.#awaitTransaction(attempt, result)
    const tell = this.#completedTeller(attempt)
    if (attempt.completion !== 'written')
      return this.#end(attempt, { kind: 'completed', result: this.#keptResult(attempt, result) }, tell)
    this.#end(attempt, undefined)
    this.#options.gatherer.ended(attempt, { kind: 'completed' }, { answer: 'accepted', at: this.#options.clock.now() })
    tell?.()
  }

  /** The handler ended without awaiting its transaction: the transaction still decides. */
  #awaitTransaction(attempt: Attempt, result: unknown): void {
    attempt.writing?.then(
      () => this.#returned(attempt, result),
      (error: unknown) => this.#threw(attempt, error)
    )
  }

  #threw(attempt: Attempt, cause: unknown): void {
    if (attempt.isOver) return this.#endHung()
    // The transaction was the completion: later errors change nothing.
    if (attempt.completion === 'written') return this.#returned(attempt, undefined)
    this.#fail(attempt, { cause, error: errorOf(cause) })
  }

  #fail(attempt: Attempt, thrown: Thrown): void {
    const { clock, random } = this.#options
    const outcome = outcomeOfFailure(attempt, thrown, { now: clock.now(), random: random() })
    this.#end(attempt, outcome, this.#teller(attempt, outcome, thrown.error))
  }

  /** Events are emitted after the commit. Without a listener, no facts are collected. */
  #completedTeller(attempt: Attempt): (() => void) | undefined {
    const { events, clock } = this.#options
    if (!events.hears('job.completed')) return undefined
    const durationMs = clock.now() - attempt.beganAt
    return () => events.emit('job.completed', { ...factsOf(attempt), durationMs, lateMs: attempt.lateMs })
  }

  #teller(attempt: Attempt, outcome: Outcome, error: Error): (() => void) | undefined {
    if (outcome.kind === 'failed') return this.#failedTeller(attempt, outcome, error)
    if (outcome.kind !== 'snoozed') return undefined
    const { events } = this.#options
    const facts = factsOf(attempt)
    return () =>
      attempt.aborted === 'cancelled'
        ? events.emit('job.cancelled', facts)
        : events.emit('job.snoozed', { ...facts, runAt: outcome.until })
  }

  #failedTeller(attempt: Attempt, { retryAt }: { retryAt: number | undefined }, error: Error): () => void {
    const { events, clock } = this.#options
    const durationMs = clock.now() - attempt.beganAt
    return () => {
      const facts = factsOf(attempt)
      if (attempt.aborted === 'cancelled') return events.emit('job.cancelled', facts)
      const { sealedBy } = attempt
      events.emit('job.failed', { ...facts, durationMs, error, retryAt, sealedBy })
      if (retryAt === undefined) events.emit('job.discarded', { ...facts, error, sealedBy })
    }
  }

  #keptResult(attempt: Attempt, result: unknown): string | undefined {
    try {
      return attempt.resultText(result)
    } catch (error) {
      this.#options.events.emit('job.result-unkept', { ...factsOf(attempt), problem: errorOf(error).message })
      return undefined
    }
  }

  /** The handler ignored its signal: its writes are refused from now on, and its slot is free for others. */
  #giveUp(attempt: Attempt): void {
    if (attempt.isOver) return
    const { events, abortGraceMs } = this.#options
    attempt.revoke()
    this.#hung++
    events.emit('job.hung', { ...factsOf(attempt), graceMs: abortGraceMs })
    const message = `The handler did not end within ${abortGraceMs} ms after its signal was aborted (${attempt.aborted}).`
    // After a lost lease others rescue the job. Giving it back while its handler runs would start it a second time
    // meanwhile.
    if (attempt.aborted === 'lease-lost') this.#end(attempt, undefined)
    else this.#fail(attempt, thrownHere(message))
  }

  #endHung(): void {
    this.#hung--
  }

  /** Frees the slot at once. The attempt counts as held until the store has confirmed the report. */
  #end(attempt: Attempt, outcome: Outcome | undefined, tell?: () => void): void {
    attempt.isOver = true
    try {
      if (outcome !== undefined) this.#report(attempt, outcome, tell)
    } finally {
      this.#release(attempt)
    }
  }

  #report(attempt: Attempt, outcome: Outcome, tell: (() => void) | undefined): void {
    const { settler, events, clock, gatherer } = this.#options
    const { id, fence } = attempt.claimed
    const at = clock.now()
    this.#reporting.add(fence)
    settler.add({ id, fence, outcome }, answer => {
      this.#reporting.delete(fence)
      gatherer.ended(attempt, outcome, { answer, at })
      if (answer === 'stale') events.emit('job.stale', { ...factsOf(attempt), outcome: outcome.kind })
      else if (answer !== 'refused') tell?.()
    })
  }
}

const thrownHere = (message: string): Thrown => {
  const error = new Error(message)
  return { cause: error, error, isOwn: true }
}

/** A thenable made by the app may settle more than once. */
function isFirstEnd(attempt: Attempt): boolean {
  if (attempt.hasEnded) return false
  attempt.hasEnded = true
  attempt.disarm?.()
  return true
}

function callHandler(attempt: Attempt): unknown {
  const { task } = attempt
  const handler = task.handler as unknown as (context: Attempt) => unknown
  attempt.unsealPayload()
  if (task.schema === undefined) return handler(attempt)
  const enter = (checked: CheckedPayload): unknown => {
    if ('problem' in checked) {
      attempt.isPayloadRefused = true
      throw refusedPayload(task, checked.problem)
    }
    attempt.payload = checked.value
    return handler(attempt)
  }
  const checked = checkPayload(task, attempt.payload)
  return checked instanceof Promise ? checked.then(enter) : enter(checked)
}
