import type { AuditAction, NewAuditEntry } from '../core/access/audit.ts'
import { type AuditedChange, auditEntryOf, type ChangeOptions, type Stamp, stampOf } from '../core/access/by.ts'
import { changedJob, jobBefore } from '../core/access/changed-job.ts'
import { changedSchedule, type Difference, resetSchedule } from '../core/access/changed-schedule.ts'
import { createJob, pause, remove, restore, resume } from '../core/schedule/change.ts'
import type { Decision, DecisionContext } from '../core/schedule/decide.ts'
import { EscapementError } from '../core/errors.ts'
import { isFinished } from '../core/job/job.ts'
import { type Expected, unexpected } from '../core/schedule/expected.ts'
import { type ScheduleState, unknownSchedule } from '../core/schedule/schedule.ts'
import type { Undecision } from '../core/schedule/undecide.ts'
import type { Job } from '../core/job/job.ts'
import { isRedacted, REDACTED } from '../core/payload/redact.ts'
import type { CancelAnswer, JobChange } from '../store/jobs.ts'
import { type ReadSchedule, writeOf } from '../store/schedules.ts'
import type { Store } from '../store/store.ts'
import { assertRoom, onlyOnce, unknownJob } from './job-refusals.ts'
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
export interface RetryOptions extends ChangeOptions {
  /**
   * Whether an at-most-once job may begin a second time.
   * @default false
   */
  readonly again?: boolean
}

/** What is changed of a schedule, and what the audit says of it. */
interface Change extends ChangeOptions {
  readonly action: AuditAction
  readonly decide: (state: ScheduleState, context: DecisionContext) => Decision
  /** Which removed schedules can be changed; by default none. */
  readonly isTaken?: (removed: ScheduleState) => boolean
  /** Which schedules are already as they are to be; by default none. */
  readonly isDone?: (state: ScheduleState) => boolean
  /** @default not compared */
  readonly expected?: Expected | undefined
  /** By default what differs. */
  readonly difference?: (before: ScheduleState, after: ScheduleState) => Difference
}

/** How a schedule is removed. */
interface Removal extends ChangeOptions {
  readonly forGood?: boolean
  readonly expected?: Expected | undefined
}

/**
 * What people do to schedules and jobs. Each call reads, plans purely, and compares and sets; a conflict retries. What
 * is changed is written with its entry in the audit.
 */
export class Operator {
  readonly #options: OperatorOptions

  constructor(options: OperatorOptions) {
    this.#options = options
  }

  pause(id: string, { note, by }: ChangeOptions & { readonly note?: string | undefined } = {}): Promise<ScheduleState> {
    return this.#change(id, {
      action: 'schedule.pause',
      by,
      decide: (state, context) => pause(state, context, note)
    })
  }

  resume(id: string, { by }: ChangeOptions = {}): Promise<ScheduleState> {
    return this.#change(id, { action: 'schedule.resume', by, decide: resume })
  }

  /** `forGood`: no start brings it back, until it is removed again without `forGood`. */
  remove(id: string, { forGood = false, expected, by }: Removal = {}) {
    return this.#change(id, {
      action: 'schedule.remove',
      by,
      expected,
      decide: (state, context) => remove(state, context, { forGood }),
      isTaken: state => (state.phaseBy === 'for-good') !== forGood || state.phaseBy === 'orphans'
    })
  }

  /** Brings back what was removed; one that is there stays as it is. @throws EscapementError `schedule-unknown` */
  restore(id: string, { by }: ChangeOptions = {}): Promise<ScheduleState> {
    return this.#change(id, {
      action: 'schedule.restore',
      by,
      decide: restore,
      isTaken: () => true,
      isDone: ({ phase }) => phase !== 'removed'
    })
  }

  /**
   * Takes back decisions about future fire times. It believes the store's time at once, without further checks.
   * `undecided` is 0 if there were none.
   *
   * @throws EscapementError `schedule-unknown`
   */
  async reset(id: string, { by }: ChangeOptions = {}): Promise<Pick<Undecision, 'undecided' | 'stayFired' | 'state'>> {
    const { store, timezoneData, nodeId } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { now, schedules } = await store.readSchedules([id])
      const read = schedules[0]
      if (read === undefined || read.state.phase === 'removed') throw unknownSchedule(id)
      if (read.state.phase === 'ended' || Math.max(read.state.decidedUntil, read.state.validFrom) <= now)
        return { undecided: 0, stayFired: 0, state: read.state }
      const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
      const { undecision, write } = await planUndecision(store, read, context)
      const difference = resetSchedule(read.state, write.state)
      const audit = this.entry(stampOf(by), { action: 'schedule.reset', targetId: id, ...difference })
      const [answer] = await store.writeSchedules([{ ...write, audit }])
      if (answer === 'written') return undecision
    }
    throw changedByOthers(id)
  }

  /** @throws EscapementError `schedule-overlapping` while `maxInstances` jobs of it are unfinished */
  async runNow(id: string, { by }: ChangeOptions = {}): Promise<{ jobId: string }> {
    const jobId = this.#options.newId()
    const decide = (state: ScheduleState, context: DecisionContext): Decision => {
      const decision = createJob(state, context, { id: jobId, origin: 'manual' })
      if (decision !== undefined) return decision
      const { maxInstances } = state.definition
      throw new EscapementError(
        'schedule-overlapping',
        `The schedule "${id}" has ${context.liveJobs} jobs that are not finished, and maxInstances is ${maxInstances}.`
      )
    }
    const difference = (): Difference => ({ before: undefined, after: { jobId } })
    await this.#change(id, { action: 'schedule.run', by, decide, difference })
    return { jobId }
  }

  async cancel(jobId: string, { by }: ChangeOptions = {}): Promise<CancelAnswer> {
    const { store } = this.#options
    const job = await store.readJob(jobId)
    if (job === undefined) return 'unknown'
    const [answer] = await store.cancel([jobId], [this.entryOfJob(stampOf(by), 'job.cancel', job)])
    return answer ?? 'unknown'
  }

  /** @throws EscapementError `job-unknown`, `job-not-waiting` */
  async change(jobId: string, change: JobChange, { by }: ChangeOptions = {}): Promise<void> {
    const { store } = this.#options
    const job = await store.readJob(jobId)
    if (job === undefined) throw unknownJob(jobId)
    const about: Omit<AuditedChange, 'id'> = { action: 'job.update', targetId: jobId, ...changedJob(job, change) }
    const answer = await store.changeJob(jobId, change, this.entry(stampOf(by), about))
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
  async delete(jobId: string, { by }: ChangeOptions = {}): Promise<void> {
    const { store } = this.#options
    const job = await store.readJob(jobId)
    if (job === undefined) throw unknownJob(jobId)
    const [answer] = await store.deleteJobs([jobId], [this.entryOfJob(stampOf(by), 'job.delete', job)])
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
  retry(jobId: string, { again = false, by }: RetryOptions = {}): Promise<void> {
    return this.retryAs(stampOf(by), jobId, again)
  }

  /** As `retry`, for one of many. */
  async retryAs(stamp: Stamp, jobId: string, again = false): Promise<void> {
    const { store } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const job = await store.readJob(jobId)
      if (job === undefined) throw unknownJob(jobId)
      if (job.delivery === 'at-most-once' && isFinished(job.state) && !again) throw onlyOnce(jobId)
      await this.#assertWhole(job)
      const read = job.scheduleId === undefined ? undefined : await this.#read(job.scheduleId)
      if (read !== undefined) assertRoom(read)
      const answer = await store.retry(jobId, read?.state, this.entryOfJob(stamp, 'job.retry', job))
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

  newId(): string {
    return this.#options.newId()
  }

  /** An entry of the audit under a new id. */
  entry(stamp: Stamp, about: Omit<AuditedChange, 'id'>): NewAuditEntry {
    return auditEntryOf(stamp, { ...about, id: this.#options.newId() })
  }

  /** As it was read just before the change; only of schedules is that compared in the write. */
  entryOfJob(stamp: Stamp, action: AuditAction, job: Job): NewAuditEntry {
    return this.entry(stamp, { action, targetId: job.id, before: jobBefore(job), after: afterJob[action] })
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

  async #change(id: string, { action, by, decide, ...change }: Change): Promise<ScheduleState> {
    const { store, timezoneData, nodeId } = this.#options
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { now, schedules } = await store.readSchedules([id])
      const read = schedules[0]
      if (read === undefined || (read.state.phase === 'removed' && change.isTaken?.(read.state) !== true))
        throw unknownSchedule(id)
      const refused = unexpected(id, read.state, change.expected)
      if (refused !== undefined) throw refused
      if (change.isDone?.(read.state) === true) return read.state
      const context = { now, liveJobs: read.liveJobs, timezoneData, node: nodeId() }
      const decision = decide(read.state, context)
      const differs = (change.difference ?? changedSchedule)(read.state, decision.state)
      const audit = this.entry(stampOf(by), { action, targetId: id, ...differs })
      const [answer] = await store.writeSchedules([writeOf(read, decision, audit)])
      if (answer === 'written') return decision.state
    }
    throw changedByOthers(id)
  }

  async #read(id: string): Promise<ReadSchedule | undefined> {
    return (await this.#options.store.readSchedules([id])).schedules[0]
  }
}

/** What a cancel leaves is known only once it is written. */
const afterJob: Partial<Record<AuditAction, object>> = { 'job.retry': { state: 'available' } }

const changedByOthers = (id: string): EscapementError =>
  new EscapementError(
    'store-busy',
    `The schedule "${id}" could not be changed: it was changed by others ${MAX_TRIES} times meanwhile.`
  )
