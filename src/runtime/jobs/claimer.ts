import type { Clock } from '../../clock/clock.ts'
import type { ClaimedJob } from '../../core/job/job.ts'
import type { AnyTask } from '../../core/job/task.ts'
import type { Claim } from '../../store/jobs.ts'
import type { Store } from '../../store/store.ts'
import type { Activity } from './activity.ts'
import type { Attempts } from '../attempts/attempts.ts'
import type { Loop } from '../loop.ts'
import { Pace } from './pace.ts'
import type { Settler } from './settler.ts'
import type { Slots } from './slots.ts'

const MAX_CLAIM = 1_000
const LARGE_CLAIM = 250
const HOLD_BACK_MS = 100
const LOOK_WHILE_HOLDING_BACK_MS = 250
const KEEP_AHEAD_MS = 1_000
const AWAIT_OTHER_CLAIM_MS = 5

export interface ClaimerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly activity: Activity
  readonly attempts: Attempts
  readonly settler: Settler
  readonly nodeId: () => string
  readonly task: (name: string) => AnyTask | undefined
  /** Names of the tasks that it claims. */
  readonly tasks: () => readonly string[]
  /** Undefined: all queues. */
  readonly queues: readonly string[] | undefined
  readonly slots: Slots
  /** At-most-once jobs are never claimed ahead: their slots are taken before the claim. */
  readonly mayClaimAhead: boolean
  /** Waiting this long makes a job one priority more urgent. Undefined: waiting does not count. */
  readonly priorityAgingMs: number | undefined
  /** How often it looks without a wake; wakes can be lost. */
  readonly intervalMs: number
}

const priorityOf = ({ priority }: ClaimedJob): number => priority

/** Claims jobs of some queues, and keeps as many running as there are slots. */
export class Claimer {
  readonly #options: ClaimerOptions
  readonly #ahead: ClaimedJob[] = []
  #next = 0
  #running = 0
  #accepting = true
  readonly #pace: Pace
  #loop: Loop | undefined
  #isBeginning = false
  #isDeferred = false
  #lacksSlots = false
  #lookedAt = Number.NEGATIVE_INFINITY
  /** How many claims have returned and begun their jobs. */
  claims = 0
  /** When the claim under way was sent, on the monotonic clock. */
  claimSentAt: number | undefined

  constructor(options: ClaimerOptions) {
    this.#options = options
    this.#pace = new Pace(() => options.clock.monotonic())
    options.slots.onFree(() => this.#slotsFreed())
  }

  /** With a loop it claims again by itself whenever there is room. */
  drivenBy(loop: Loop): void {
    this.#loop = loop
  }

  /** Whether the job of this fence is claimed but not begun. */
  holdsAhead(fence: number): boolean {
    return this.#ahead.some((job, index) => index >= this.#next && job.fence === fence)
  }

  stopAccepting(): void {
    this.#accepting = false
  }

  startAccepting(): void {
    this.#accepting = true
    this.#loop?.wake()
  }

  /** Takes back what was claimed but not begun. */
  takeUnbegun(): readonly ClaimedJob[] {
    const unbegun = this.#ahead.splice(0).slice(this.#next)
    this.#next = 0
    this.#options.activity.held -= unbegun.length
    return unbegun
  }

  /** Claims once, if there is room, and starts the jobs. Resolves with the milliseconds until the next claim. */
  async tick(): Promise<number> {
    const { activity, clock, tasks, intervalMs } = this.#options
    if (!this.#accepting || tasks().length === 0) return intervalMs
    if (this.#soloRuns()) return HOLD_BACK_MS
    if (activity.isClaimingAlone) return AWAIT_OTHER_CLAIM_MS
    const mayTakeSolo = activity.isIdle
    // Once idle, only the claimer that saw the solo job claims: another one would make the process busy again.
    const isNext = mayTakeSolo && activity.holdBack.isFor(this)
    if (!isNext && activity.holdBack.isOn(clock.monotonic())) return this.#holdBack()
    const room = this.#room()
    this.#lacksSlots = room === 0
    if (room === 0) return this.#awaitSlots(isNext)
    const limit = Math.min(room, MAX_CLAIM)
    const { jobs, nextRunAt } = await this.#claim(limit, mayTakeSolo)
    if (jobs.length >= limit) return 0
    if (nextRunAt === undefined) return intervalMs
    return Math.min(intervalMs, Math.max(0, nextRunAt - clock.now()))
  }

  /**
   * Gives back what was claimed ahead and has not begun, although the claimer was quick when it claimed: it would
   * outlast the hold-back, too. Only the claimer that saw the solo job checks whether it still waits.
   */
  async #holdBack(): Promise<number> {
    const { activity, clock } = this.#options
    const { holdBack } = activity
    if (holdBack.hasLasted(KEEP_AHEAD_MS, clock.monotonic())) this.#giveBackAhead()
    if (!holdBack.isFor(this)) return HOLD_BACK_MS
    await this.#lookForSolo(LOOK_WHILE_HOLDING_BACK_MS)
    return holdBack.isFor(this) ? HOLD_BACK_MS : 0
  }

  /** Even a claimer without a free slot looks for solo jobs: the others may have to hold back for one. */
  async #awaitSlots(isNext: boolean): Promise<number> {
    const { activity, intervalMs } = this.#options
    // Hung handlers have its slots: it could not take the job that the others hold back for.
    if (isNext) activity.holdBack.sawNone(this)
    else if (!activity.isIdle) await this.#lookForSolo(intervalMs)
    return intervalMs
  }

  /** Claims nothing, and needs no slot. */
  async #lookForSolo(afterMs: number): Promise<void> {
    const { store, clock, nodeId, tasks, queues } = this.#options
    if (clock.monotonic() < this.#lookedAt + afterMs) return
    this.#lookedAt = clock.monotonic()
    this.#learn(await store.claim({ node: nodeId(), tasks: tasks(), queues, limit: 0, mayTakeSolo: false }))
  }

  #learn({ soloSince }: Claim): void {
    const { activity, clock } = this.#options
    this.#lookedAt = clock.monotonic()
    if (soloSince === undefined) activity.holdBack.sawNone(this)
    else activity.holdBack.saw(this, clock.now() - soloSince, clock.monotonic())
  }

  async #claim(limit: number, mayTakeSolo: boolean): Promise<Claim> {
    const { store, activity, clock, nodeId, tasks, queues, slots, mayClaimAhead, priorityAgingMs } = this.#options
    const node = nodeId()
    let reserved = mayClaimAhead ? 0 : limit
    slots.take(reserved)
    activity.claims++
    activity.isClaimingAlone = mayTakeSolo
    this.claimSentAt = clock.monotonic()
    if (this.#isEmpty()) this.#pace.starves()
    try {
      const claim = await store.claim({ node, tasks: tasks(), queues, limit, mayTakeSolo, priorityAgingMs })
      this.#pace.fed()
      this.#learn(claim)
      activity.held += claim.jobs.length
      const solo = claim.jobs.find(job => job.rescues > 0)
      if (solo !== undefined) activity.holdBack.succeeded()
      activity.solo = solo?.fence
      // The lease was lost, or a stop began, while the claim was under way: none of its jobs may begin.
      if (!this.#accepting || nodeId() !== node) claim.jobs.forEach(job => this.#giveBack(job))
      else this.#line(claim.jobs)
      slots.take(-reserved)
      reserved = 0
      if (mayClaimAhead && claim.jobs.length >= limit && limit >= LARGE_CLAIM) this.#beginAfterNextClaim()
      else this.#begin()
      this.claims++
      return claim
    } finally {
      activity.claims--
      if (mayTakeSolo) activity.isClaimingAlone = false
      this.claimSentAt = undefined
      this.#pace.fed()
      // Called even with 0: a claimer whose jobs waited for the reserved slots has to hear that they are free.
      slots.give(reserved)
    }
  }

  /** Puts more urgent jobs ahead of those that were claimed earlier and have not begun. */
  #line(jobs: readonly ClaimedJob[]): void {
    this.#ahead.splice(0, this.#next)
    this.#next = 0
    const last = this.#ahead.at(-1)
    this.#ahead.push(...jobs)
    const rank = this.#options.priorityAgingMs === undefined ? priorityOf : this.#agedRankOf
    const isMoreUrgent = last !== undefined && jobs[0] !== undefined && rank(jobs[0]) < rank(last)
    if (isMoreUrgent) this.#ahead.sort((a, b) => rank(a) - rank(b))
  }

  readonly #agedRankOf = ({ runAt, priority }: ClaimedJob): number => runAt + priority * this.#options.priorityAgingMs!

  /** True until the store has confirmed its report: a death before that is still its own. */
  #soloRuns(): boolean {
    const { activity, attempts } = this.#options
    if (activity.solo !== undefined && !attempts.knows(activity.solo)) activity.solo = undefined
    return activity.solo !== undefined
  }

  /**
   * There is more to claim: sends the next claim before it begins so many jobs, which may keep the process busy for
   * milliseconds.
   */
  #beginAfterNextClaim(): void {
    this.#isDeferred = true
    setImmediate(() => {
      this.#isDeferred = false
      this.#begin()
    })
  }

  #begin(): void {
    if (this.#isBeginning || this.#isDeferred) return
    this.#isBeginning = true
    try {
      this.#fillSlots()
    } finally {
      this.#isBeginning = false
    }
  }

  #fillSlots(): void {
    const { slots, attempts, task } = this.#options
    while (slots.free > 0 && this.#next < this.#ahead.length) {
      const job = this.#ahead[this.#next++] as ClaimedJob
      const known = task(job.task)
      if (known === undefined) {
        this.#giveBack(job)
        continue
      }
      this.#running++
      slots.take(1)
      attempts.begin(job, known, this.#ended)
    }
    if (this.#next < this.#ahead.length) return
    this.#ahead.length = 0
    this.#next = 0
  }

  readonly #ended = (): void => {
    this.#running--
    this.#pace.finished()
    if (this.claimSentAt !== undefined && this.#isEmpty()) this.#pace.starves()
    this.#options.activity.held--
    this.#options.slots.give(1)
    if (this.#room() > 0) this.#loop?.wake()
  }

  #slotsFreed(): void {
    if (!this.#isBeginning && this.#next < this.#ahead.length) process.nextTick(this.#beginLater)
    if (this.#lacksSlots) this.#loop?.wake()
  }

  readonly #beginLater = (): void => this.#begin()

  #giveBackAhead(): void {
    for (const job of this.#ahead.splice(0).slice(this.#next)) this.#giveBack(job)
    this.#next = 0
  }

  #giveBack({ id, fence }: ClaimedJob): void {
    const { settler, activity } = this.#options
    settler.add({ id, fence, outcome: { kind: 'given-back' } }, () => {
      activity.held--
    })
  }

  /** How many more jobs to claim. None until a slot is free or half of the jobs are gone, so that claims are large. */
  #room(): number {
    const { slots, mayClaimAhead } = this.#options
    const most = slots.free + this.#running + (mayClaimAhead ? this.#pace.mostAhead() : 0)
    const held = this.#running + this.#ahead.length - this.#next
    const isLow = slots.free > 0 || held <= most / 2
    return isLow ? Math.max(0, most - held) : 0
  }

  #isEmpty(): boolean {
    return this.#running === 0 && this.#next >= this.#ahead.length
  }
}
