import { createJob, pause, remove, resume } from '../core/schedule/change.ts'
import type { Decision, DecisionContext } from '../core/schedule/decide.ts'
import { EscapementError } from '../core/errors.ts'
import { isFinished } from '../core/job/job.ts'
import { type ScheduleState, unknownSchedule } from '../core/schedule/schedule.ts'
import type { Undecision } from '../core/schedule/undecide.ts'
import type { Job } from '../core/job/job.ts'
import { isRedacted, REDACTED } from '../core/payload/redact.ts'
import type { CancelAnswer, JobChange } from '../store/jobs.ts'
import { type ReadSchedule, writeOf } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { planUndecision } from './plan-undecision.ts'

const MAX_TRIES = 100

export interface OperatorOptions {
  readonly store: Store
  readonly timezoneData: string
  /** The deciding node, for the ledger. */
  readonly nodeId: () => string
  readonly newId: () => string
}

/** The options of `jobs.retry`. */
export interface RetryOptions {
  /**
   * Whether an at-most-once job may begin a second time.
   * @default false
   */
  readonly again?: boolean
}

type Change = (state: ScheduleState, context: DecisionContext) => Decision

/** What people do to schedules and jobs. Each call reads, plans purely, and compares and sets; a conflict retries. */
export class Operator {
  readonly #options: OperatorOptions

  constructor(options: OperatorOptions) {
    this.#options = options
  }

  pause(id: string, note?: string): Promise<ScheduleState> {
    return this.#change(id, (state, context) => pause(state, context, note))
  }

  resume(id: string): Promise<ScheduleState> {
    return this.#change(id, (state, context) => resume(state, context))
  }

  /** `forGood`: no start brings it back, until it is removed again without `forGood`. */
  remove(id: string, { forGood = false } = {}): Promise<ScheduleState> {
    const change: Change = (state, context) => remove(state, context, { forGood })
    return this.#change(id, change, state => (state.phaseBy === 'for-good') !== forGood || state.phaseBy === 'orphans')
  }

  /**
   * Takes back decisions about future fire times. It believes the store's time at once, without further checks.
   * `undecided` is 0 if there were none.
   *
   * @throws EscapementError `schedule-unknown`
   */
  async reset(id: string): Promise<Pick<Undecision, 'undecided' | 'stayFired' | 'state'>> {
    const { store, timezoneData, nodeId } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { now, schedules } = await store.readSchedules([id])
      const read = schedules[0]
      if (read === undefined || read.state.phase === 'removed') throw unknownSchedule(id)
      if (read.state.phase === 'ended' || Math.max(read.state.decidedUntil, read.state.validFrom) <= now)
        return { undecided: 0, stayFired: 0, state: read.state }
      const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
      const { undecision, write } = await planUndecision(store, read, context)
      const [answer] = await store.writeSchedules([write])
      if (answer === 'written') return undecision
    }
    throw changedByOthers(id)
  }

  /** @throws EscapementError `schedule-overlapping` while `maxInstances` jobs of it are unfinished */
  async runNow(id: string): Promise<{ jobId: string }> {
    const jobId = this.#options.newId()
    await this.#change(id, (state, context) => {
      const decision = createJob(state, context, { id: jobId, origin: 'manual' })
      if (decision !== undefined) return decision
      const { maxInstances } = state.definition
      throw new EscapementError(
        'schedule-overlapping',
        `The schedule "${id}" has ${context.liveJobs} jobs that are not finished, and maxInstances is ${maxInstances}.`
      )
    })
    return { jobId }
  }

  async cancel(jobId: string): Promise<CancelAnswer> {
    const [answer] = await this.#options.store.cancel([jobId])
    return answer ?? 'unknown'
  }

  /** @throws EscapementError `job-unknown`, `job-not-waiting` */
  async change(jobId: string, change: JobChange): Promise<void> {
    const answer = await this.#options.store.changeJob(jobId, change)
    if (answer === 'unknown') throw unknownJob(jobId)
    if (answer === 'not-waiting')
      throw new EscapementError(
        'job-not-waiting',
        `The job ${jobId} runs or has finished; only one that waits can be changed.`
      )
    if (answer === 'begun')
      throw new EscapementError(
        'job-not-waiting',
        `The job ${jobId} has begun before, so its payload stays; cancel it and enqueue another one.`
      )
  }

  /** @throws EscapementError `job-unknown`, `job-not-finished` */
  async delete(jobId: string): Promise<void> {
    const [answer] = await this.#options.store.deleteJobs([jobId])
    if (answer === 'unknown') throw unknownJob(jobId)
    if (answer === 'not-finished')
      throw new EscapementError(
        'job-not-finished',
        `The job ${jobId} has not finished; only a finished job can be deleted. Cancel it first.`
      )
  }

  /**
   * `again`: also an at-most-once job, which then begins a second time.
   *
   * @throws EscapementError `job-unknown`, `job-not-finished`, `job-at-most-once`, `payload-redacted`,
   * `schedule-overlapping`
   */
  async retry(jobId: string, { again = false }: RetryOptions = {}): Promise<void> {
    const { store } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const job = await store.readJob(jobId)
      if (job === undefined) throw unknownJob(jobId)
      if (job.delivery === 'at-most-once' && isFinished(job.state) && !again) throw onlyOnce(jobId)
      await this.#assertWhole(job)
      const read = job.scheduleId === undefined ? undefined : await this.#read(job.scheduleId)
      if (read !== undefined) assertRoom(read)
      const answer = await store.retry(jobId, read?.state)
      if (answer === 'retried') return
      if (answer === 'unknown') throw new EscapementError('job-unknown', `The job ${jobId} is no longer there.`)
      if (answer === 'not-finished')
        throw new EscapementError(
          'job-not-finished',
          `The job ${jobId} is ${job.state}; only a finished job can be retried.`
        )
      if (read === undefined)
        throw new EscapementError(
          'job-not-finished',
          `The job ${jobId} cannot be retried: another job holds its unique key ${JSON.stringify(job.uniqueKey)}.`
        )
    }
    throw new EscapementError(
      'store-busy',
      `The job ${jobId} could not be retried: its schedule changed ${MAX_TRIES} times meanwhile.`
    )
  }

  /** An export leaves values out of finished jobs; such a job must not run with what stands in their places. */
  async #assertWhole({ id, task, payload }: Job): Promise<void> {
    if (!payload.includes(REDACTED)) return
    const ofTask = (await this.#options.store.readRedactions()).filter(each => each.task === task)
    const paths = ofTask.map(({ path }) => path)
    if (isRedacted(JSON.parse(payload), paths))
      throw new EscapementError(
        'payload-redacted',
        `The job ${id} of the task "${task}" cannot be retried: an export has left values out of its payload. Enqueue another one.`
      )
  }

  /** `isTaken` says which removed schedules can be changed; by default none. */
  async #change(
    id: string,
    change: Change,
    isTaken: (removed: ScheduleState) => boolean = () => false
  ): Promise<ScheduleState> {
    const { store, timezoneData, nodeId } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { now, schedules } = await store.readSchedules([id])
      const read = schedules[0]
      if (read === undefined || (read.state.phase === 'removed' && !isTaken(read.state))) throw unknownSchedule(id)
      const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
      const decision = change(read.state, context)
      const [answer] = await store.writeSchedules([writeOf(read, decision)])
      if (answer === 'written') return decision.state
    }
    throw changedByOthers(id)
  }

  async #read(id: string): Promise<ReadSchedule | undefined> {
    return (await this.#options.store.readSchedules([id])).schedules[0]
  }
}

const unknownJob = (id: string): EscapementError =>
  new EscapementError('job-unknown', `There is no job with the id ${JSON.stringify(id)}.`)

const onlyOnce = (id: string): EscapementError =>
  new EscapementError(
    'job-at-most-once',
    `The job ${id} is to run at most once; a retry may do its work a second time, and needs { again: true }.`
  )

const changedByOthers = (id: string): EscapementError =>
  new EscapementError(
    'store-busy',
    `The schedule "${id}" could not be changed: it was changed by others ${MAX_TRIES} times meanwhile.`
  )

function assertRoom({ state, liveJobs }: ReadSchedule): void {
  const { overlap, maxInstances } = state.definition
  if (overlap === 'allow' || liveJobs < maxInstances) return
  throw new EscapementError(
    'schedule-overlapping',
    `The schedule "${state.id}" has ${liveJobs} jobs that are not finished, and maxInstances is ${maxInstances}.`
  )
}
